package dev.kith.node.daemon;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Member;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.record.Batch;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.JoinServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The realm, for those who join it.
 *
 * @param password of the home; the owner's key is opened only when somebody joins
 */
@SuppressWarnings("ArrayRecordComponent") // a secret to pass on, never compared
record LiveRealm(Home home, char[] password, Genesis genesis, Host host, Ledger ledger)
    implements JoinServer.Realm {
  private static final int ADDRESSES_EACH = 4;

  @Override
  public LedgerView view() {
    return ledger.view();
  }

  @Override
  public Outcome submit(Batch batch, Duration timeout) throws IOException, InterruptedException {
    return ledger.submit(batch, timeout).getFirst();
  }

  @Override
  public List<Multiaddr> peers() {
    List<Multiaddr> peers = new ArrayList<>();
    host.listenAddresses().forEach(address -> peers.add(address.withPeer(host.id())));
    for (Member member : ledger.view().members()) {
      if (!member.peer().equals(host.id())) {
        host.addressBook().addresses(member.peer()).stream()
            .limit(ADDRESSES_EACH)
            .forEach(address -> peers.add(address.withPeer(member.peer())));
      }
    }
    return peers;
  }

  @Override
  public Optional<Secp256k1PrivateKey> ownerKey() throws IOException {
    return home.holdsOwnerKey() ? Optional.of(home.ownerKey(password)) : Optional.empty();
  }

  @Override
  public String toString() {
    return "LiveRealm[" + genesis.name() + "]";
  }
}
