/**
 * libp2p in Java on Netty, wire-compatible with go-, js- and rust-libp2p.
 *
 * <p>Start at {@link dev.kith.libp2p.swarm.HostBuilder}, which makes a {@link
 * dev.kith.libp2p.host.Host}: it opens and serves streams that block, meant to be used from virtual
 * threads.
 *
 * <pre>{@code
 * Host host = new HostBuilder(key).listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).start();
 * host.serve("/my/echo/1", stream -> stream.input().transferTo(stream.output()));
 * try (Stream stream = other.open(host.id(), Duration.ofSeconds(5), "/my/echo/1")) {
 *   stream.output().write(hello);
 *   stream.closeWrite();
 *   byte[] answer = stream.input().readAllBytes();
 * }
 * }</pre>
 *
 * <p>The packages below follow the chapters of the libp2p specifications:
 *
 * <ul>
 *   <li>who and where: {@link dev.kith.libp2p.identity}, {@link dev.kith.libp2p.multiaddr}, {@link
 *       dev.kith.libp2p.multiformats}, {@link dev.kith.libp2p.record}
 *   <li>the host: {@link dev.kith.libp2p.host}, {@link dev.kith.libp2p.swarm}, {@link
 *       dev.kith.libp2p.peerstore}, {@link dev.kith.libp2p.datastore}
 *   <li>what it allows: {@link dev.kith.libp2p.resource}, {@link dev.kith.libp2p.connmgr}, {@link
 *       dev.kith.libp2p.gater}
 *   <li>connections: {@link dev.kith.libp2p.transport}, {@link dev.kith.libp2p.multistream}, {@link
 *       dev.kith.libp2p.noise}, {@link dev.kith.libp2p.tls}, {@link dev.kith.libp2p.yamux}, {@link
 *       dev.kith.libp2p.quic}
 *   <li>protocols: {@link dev.kith.libp2p.identify}, {@link dev.kith.libp2p.ping}, {@link
 *       dev.kith.libp2p.perf}, {@link dev.kith.libp2p.gossipsub}
 *   <li>tests without sockets: {@link dev.kith.libp2p.memory}
 * </ul>
 *
 * <p>Four kinds of errors are told apart by type: {@link
 * dev.kith.libp2p.ProtocolViolationException} where a peer broke a protocol, other {@link
 * java.io.IOException}s where the world failed, {@link java.lang.IllegalArgumentException} where
 * the caller erred, {@link java.lang.IllegalStateException} where this module did.
 */
@NullMarked
package dev.kith.libp2p;

import org.jspecify.annotations.NullMarked;
