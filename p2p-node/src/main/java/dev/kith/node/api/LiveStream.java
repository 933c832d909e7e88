package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import io.javalin.http.Context;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/**
 * To a client that waits for a job. Each write goes on at once: what is ready of an answer should
 * be seen. A flush fails when the client has left: nothing else would tell of that while there is
 * nothing to write, and each who waits holds a connection.
 */
final class LiveStream extends FilterOutputStream {
  private final EndPoint endPoint;

  LiveStream(OutputStream out, Context context) {
    super(out);
    this.endPoint =
        ServletContextRequest.getServletContextRequest(context.req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    out.flush();
  }

  /**
   * The request was read to its end and the next one must not come before this one's answer, so
   * there is nothing to read but the end of the connection; Jetty reads again only afterwards.
   */
  @Override
  public void flush() throws IOException {
    ByteBuffer nothing = ByteBuffer.allocate(1).limit(0);
    if (endPoint.fill(nothing) != 0) {
      endPoint.close();
      throw new NodeException(Problem.BAD_REQUEST, "the client left before the job's end");
    }
  }
}
