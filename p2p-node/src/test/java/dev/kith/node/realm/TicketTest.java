package dev.kith.node.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.Signatures;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.util.List;
import java.util.Locale;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

class TicketTest {
  private final Secp256k1PrivateKey inviter = Keys.secp256k1FromSeed(1);
  private final Ticket ticket =
      Ticket.issue(
          Bytes32.repeat((byte) 7),
          inviter,
          Keys.secp256k1FromSeed(2),
          1_800_000_000_000L,
          true,
          List.of(
              Multiaddr.parse("/ip4/192.168.1.2/tcp/4747"), Multiaddr.parse("/ip6/::1/tcp/4747")));

  @Test
  void text_isReadBackWhateverItsCaseAndSpaces() throws NodeException {
    String text = ticket.encode();
    assertThat(Ticket.decode(text)).isEqualTo(ticket);
    assertThat(Ticket.decode(text.toUpperCase(Locale.ROOT))).isEqualTo(ticket);
    assertThat(Ticket.decode("  " + text.substring(0, 80) + "\n  " + text.substring(80) + "\n"))
        .isEqualTo(ticket);
  }

  @Test
  void text_thatIsDamagedIsRefused() {
    String text = ticket.encode();
    for (String bad :
        List.of(
            "",
            "hello",
            "kith1",
            "kith1abc",
            text.substring(0, text.length() - 5),
            text.substring(0, 50) + (text.charAt(50) == 'a' ? 'b' : 'a') + text.substring(51),
            text + text,
            "kith1" + "a".repeat(10_000))) {
      assertThatExceptionOfType(NodeException.class)
          .as(bad)
          .isThrownBy(() -> Ticket.decode(bad))
          .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.TICKET_INVALID));
    }
  }

  @Test
  void invitation_isSignedForItsRealmByTheInviter() {
    MemberPut.Invitation invitation = ticket.invitation();
    Bytes message =
        MemberPut.Invitation.message(
            ticket.realmId(), invitation.key(), invitation.expiresMillis(), true);
    assertThat(Signatures.verify(inviter.publicKey().raw(), message, invitation.inviterSignature()))
        .isTrue();
    assertThat(ticket.toString()).doesNotContain(ticket.key().raw().toUnprefixedHexString());
  }
}
