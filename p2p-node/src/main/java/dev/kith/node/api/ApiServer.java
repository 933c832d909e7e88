package dev.kith.node.api;

import dev.kith.ledger.Ledger;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.FileService;
import dev.kith.node.jobs.JobService;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's HTTP API, on 127.0.0.1 only. Each request runs on a virtual thread of its own, so
 * that handlers are straight-line code that blocks.
 */
public final class ApiServer implements AutoCloseable {
  /** The most connections at once; further ones wait to be accepted. */
  static final int CONNECTIONS_MAX = 256;

  /**
   * After this long without a byte, a connection is closed, other than during {@link LongRequest}.
   */
  static final long IDLE_MILLIS = 120_000;

  private static final String LOOPBACK = "127.0.0.1";
  private static final int SELECTORS = 1;
  private static final Logger log = LoggerFactory.getLogger(ApiServer.class);

  private final PutSessions puts;
  private final Javalin javalin;

  /**
   * What is served.
   *
   * @param token that clients must show
   * @param spoolFolder for uploads to jobs; emptied at start
   */
  public record Services(
      FileService files,
      JobService jobs,
      Ledger ledger,
      PeerControl control,
      String token,
      Path spoolFolder) {}

  private ApiServer(Services services, int port) throws IOException {
    this.puts = new PutSessions(services.files());
    Transfers transfers = new Transfers();
    Spool spool = Spool.open(services.spoolFolder());
    Guard guard = new Guard(services.token(), this::port);
    this.javalin =
        Javalin.create(
            config -> {
              configure(config, port);
              RoutesConfig routes = config.routes;
              routes.before(guard::check);
              routes.get("/api/v1/transfers/{id}", transfers::answerReason);
              new FileRoutes(services.files(), puts, transfers).register(routes);
              new JobRoutes(services.jobs(), services.files(), spool, transfers).register(routes);
              new LedgerRoutes(services.ledger(), transfers).register(routes);
              new PeerRoutes(services.control(), services.ledger()).register(routes);
              routes.exception(HttpResponseException.class, ApiServer::answerHttp);
              routes.exception(Exception.class, ApiServer::answerFailure);
            });
  }

  /**
   * @param port 0 = any free one
   * @throws NodeException PORT_IN_USE
   */
  public static ApiServer start(Services services, int port) throws IOException {
    ApiServer server = new ApiServer(services, port);
    try {
      server.javalin.start();
      return server;
    } catch (RuntimeException e) {
      server.close();
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException) {
          throw new NodeException(
              Problem.PORT_IN_USE,
              "port " + port + " on " + LOOPBACK + " is in use (choose another with --api-port)",
              e);
        }
      }
      throw e;
    }
  }

  public int port() {
    return javalin.port();
  }

  private static void configure(JavalinConfig config, int port) {
    config.concurrency.useVirtualThreads = true;
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.defaultContentType = "application/json";
    config.jetty.addConnector((server, http) -> connector(server, http, port));
  }

  private static ServerConnector connector(Server server, HttpConfiguration http, int port) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(16 << 10);
    ServerConnector connector =
        new ServerConnector(server, 1, SELECTORS, new HttpConnectionFactory(http));
    connector.setHost(LOOPBACK);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, connector));
    return connector;
  }

  private static void answerHttp(HttpResponseException e, Context context) {
    Problem problem = e.getStatus() == 404 ? Problem.NOT_FOUND : Problem.BAD_REQUEST;
    answer(context, e.getStatus(), new Problems.Told(problem, String.valueOf(e.getMessage())));
  }

  private static void answerFailure(Exception e, Context context) {
    Problems.Told told = Problems.of(e);
    if (told.problem() == Problem.INTERNAL) {
      log.error("{} {} failed", context.method(), context.path(), e);
    }
    answer(context, Problems.status(told.problem()), told);
  }

  private static void answer(Context context, int status, Problems.Told told) {
    if (context.res().isCommitted()) {
      return;
    }
    context.res().resetBuffer();
    context.res().setContentLengthLong(-1);
    context.status(status);
    Json.answer(
        context, Json.object().with("problem", told.problem()).with("message", told.message()));
  }

  /** Stops serving; puts that are open are abandoned. */
  @Override
  public void close() {
    javalin.stop();
    puts.close();
  }
}
