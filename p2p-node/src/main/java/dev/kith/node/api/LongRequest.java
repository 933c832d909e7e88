package dev.kith.node.api;

import io.javalin.http.Context;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/**
 * A request whose client was let in and that may be silent for long: while a commit waits for the
 * ledger, or a job computes. The connection's idle time-out, meant for strangers, rests meanwhile.
 */
final class LongRequest implements AutoCloseable {
  private final EndPoint endPoint;
  private final long idleMillis;

  private LongRequest(EndPoint endPoint) {
    this.endPoint = endPoint;
    this.idleMillis = endPoint.getIdleTimeout();
    endPoint.setIdleTimeout(0);
  }

  static LongRequest begin(Context context) {
    return new LongRequest(
        ServletContextRequest.getServletContextRequest(context.req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint());
  }

  @Override
  public void close() {
    endPoint.setIdleTimeout(idleMillis);
  }
}
