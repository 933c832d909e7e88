package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets through only requests that know the token. Loopback alone is no protection: a web page in
 * this user's browser can send requests there, and with DNS rebinding under a name of its own, so
 * that Host and Origin must name loopback too.
 */
final class Guard {
  private static final Set<String> NAMES = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final String SCHEME = "Bearer ";

  private final byte[] token;
  private final IntSupplier port;

  /**
   * @param port that the API listens on, asked at each request as it may be chosen late
   */
  Guard(String token, IntSupplier port) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.port = port;
  }

  void check(Context context) throws NodeException {
    String host = context.header("Host");
    if (host == null || !local(host)) {
      throw new NodeException(Problem.NOT_ALLOWED, "the Host header must name loopback");
    }
    String origin = context.header("Origin");
    if (origin != null && !(origin.startsWith("http://") && local(origin.substring(7)))) {
      throw new NodeException(Problem.NOT_ALLOWED, "the Origin header must name loopback");
    }
    if (!knowsToken(context.header("Authorization"))) {
      throw new NodeException(
          Problem.NOT_ALLOWED, "the token is missing or wrong (it stands in the home's api-token)");
    }
  }

  private boolean local(String authority) {
    String suffix = ":" + port.getAsInt();
    return authority.endsWith(suffix)
        && NAMES.contains(authority.substring(0, authority.length() - suffix.length()));
  }

  private boolean knowsToken(@Nullable String authorization) {
    return authorization != null
        && authorization.startsWith(SCHEME)
        && MessageDigest.isEqual(
            token, authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8));
  }
}
