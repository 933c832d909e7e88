package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Long bodies, in either direction. HTTP has no way to tell why a body stopped in its middle, so
 * the connection is cut, which the client notices, and the reason is kept for a while under the id
 * that the client gave the transfer in the header {@code Kith-Transfer}. Thread-safe.
 */
final class Transfers {
  /** How many reasons are kept; the oldest go first. */
  static final int KEPT_MAX = 256;

  static final String HEADER = "Kith-Transfer";
  private static final int ID_LENGTH_MAX = 64;
  private static final Logger log = LoggerFactory.getLogger(Transfers.class);

  private final Map<String, Problems.Told> reasons =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Problems.Told> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /** What moves a body. */
  @FunctionalInterface
  interface Body {
    void move() throws IOException, InterruptedException;
  }

  /** Runs a transfer that may take long, and sees to its failure. */
  void run(Context context, Body body) throws IOException, InterruptedException {
    try (var _ = LongRequest.begin(context)) {
      body.move();
    } catch (EofException e) {
      log.debug("the client of {} went away", context.path());
    } catch (IOException | InterruptedException | RuntimeException e) {
      keep(context.header(HEADER), Problems.of(e));
      if (!context.res().isCommitted()) {
        throw e;
      }
      log.info("{} {} was cut off: {}", context.method(), context.path(), e.toString());
      ServletContextRequest.getServletContextRequest(context.req()).getServletChannel().abort(e);
    }
  }

  void answerReason(Context context) throws IOException {
    Problems.Told told;
    synchronized (reasons) {
      told = reasons.get(context.pathParam("id"));
    }
    if (told == null) {
      throw new NodeException(Problem.NOT_FOUND, "no failed transfer has this id");
    }
    Json.answer(
        context, Json.object().with("problem", told.problem()).with("message", told.message()));
  }

  private void keep(@Nullable String id, Problems.Told told) {
    if (id != null && id.length() <= ID_LENGTH_MAX) {
      synchronized (reasons) {
        reasons.put(id, told);
      }
    }
  }
}
