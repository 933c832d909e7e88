package dev.kith.testnet.interop;

import dev.kith.dht.kad.Kademlia;
import dev.kith.dht.kad.KademliaConfig;
import dev.kith.dht.kad.RecordValidator;
import dev.kith.libp2p.datastore.MemoryDatastore;
import dev.kith.libp2p.gossipsub.Gossipsub;
import dev.kith.libp2p.gossipsub.GossipsubConfig;
import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostListener;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.perf.Perf;
import dev.kith.libp2p.swarm.HostBuilder;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.tuweni.bytes.Bytes;

/** A host of Kith's with all that is checked, and what it saw of its peers. */
final class KithPeer implements AutoCloseable {
  static final String ECHO = "/echo/1.0.0";
  static final String KAD = "/kith/interop/kad/1.0.0";
  static final String TOPIC = "interop";

  private static final KademliaConfig SERVER =
      KademliaConfig.server(KAD).withValidators(Map.of("test", new AnyValue()));

  final Host host;
  final Kademlia kad;
  final Gossipsub gossipsub;
  final List<ConnectionState> states = new CopyOnWriteArrayList<>();
  final Map<PeerId, PeerInfo> identified = new ConcurrentHashMap<>();

  private KithPeer(Host host, Kademlia kad, Gossipsub gossipsub) {
    this.host = host;
    this.kad = kad;
    this.gossipsub = gossipsub;
  }

  /** Serves all of it. */
  static KithPeer server(KeyType key, Channel channel) throws Exception {
    KithPeer peer = start(key, channel, SERVER);
    peer.host.serve(ECHO, stream -> stream.input().transferTo(stream.output()));
    peer.host.serve(Perf.PROTOCOL, Perf::serve);
    return peer;
  }

  /** A client of the DHT: it serves nothing of it, so every answer is somebody else's. */
  static KithPeer client(KeyType key, Channel channel) throws Exception {
    return start(key, channel, SERVER.withMode(KademliaConfig.Mode.CLIENT));
  }

  private static KithPeer start(KeyType key, Channel channel, KademliaConfig config)
      throws IOException, InterruptedException {
    Host host =
        new HostBuilder(Keys.generate(key, new SecureRandom())).listen(channel.listen()).start();
    Kademlia kad = Kademlia.start(host, config, new MemoryDatastore(), Clock.systemUTC());
    KithPeer peer = new KithPeer(host, kad, Gossipsub.start(host, GossipsubConfig.defaults()));
    host.listener(
        new HostListener() {
          @Override
          public void connected(PeerId remote) {
            host.connections().stream()
                .filter(connection -> connection.remotePeer().equals(remote))
                .forEach(connection -> peer.states.add(connection.state()));
          }

          @Override
          public void identified(PeerId remote, PeerInfo info) {
            peer.identified.put(remote, info);
          }
        });
    return peer;
  }

  /** Where it listens, with its id. */
  Multiaddr address() {
    return host.listenAddresses().getFirst().withPeer(host.id());
  }

  @Override
  public void close() {
    gossipsub.close();
    kad.close();
    host.close();
  }

  private static final class AnyValue implements RecordValidator {
    @Override
    public boolean valid(Bytes key, Bytes value) {
      return true;
    }

    @Override
    public int select(Bytes key, List<Bytes> values) {
      return 0;
    }
  }
}
