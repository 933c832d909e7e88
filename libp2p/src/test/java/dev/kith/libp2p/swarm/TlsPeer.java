package dev.kith.libp2p.swarm;

import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multistream.Multistream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A dialler that speaks TLS by the JDK's sockets, as wrongly as the test wants. */
final class TlsPeer implements AutoCloseable {
  final HostilePeer bare;
  private final KeyManager shown;
  private List<String> applications = List.of("libp2p");
  private String version = "TLSv1.3";

  TlsPeer(Multiaddr address, KeyManager shown) throws IOException {
    this.bare = new HostilePeer(address);
    this.shown = shown;
  }

  TlsPeer applications(String... names) {
    applications = List.of(names);
    return this;
  }

  TlsPeer version(String name) {
    version = name;
    return this;
  }

  /** Agrees on TLS, and no more. */
  TlsPeer agree() throws IOException {
    Multistream.dial(bare.in, bare.out, List.of("/tls/1.0.0"));
    return this;
  }

  /** Agrees on TLS and does its handshake, at the end of which the client cannot know its fate. */
  SSLSocket handshake() throws IOException, GeneralSecurityException {
    agree();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {shown}, new TrustManager[] {new Gullible()}, null);
    Socket under = bare.socket;
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(under, "localhost", 1, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {version});
    parameters.setApplicationProtocols(applications.toArray(String[]::new));
    parameters.setServerNames(List.of());
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** Whether the handshake, or the first read after it, ends with the connection. */
  boolean isRefused() throws GeneralSecurityException {
    try (SSLSocket socket = handshake()) {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    bare.close();
  }

  /** Trusts everybody. */
  private static final class Gullible extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
