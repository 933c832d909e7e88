package dev.kith.node.api;

import dev.kith.ledger.ProofSubject;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import io.javalin.http.Context;
import org.apache.tuweni.bytes.Bytes;

/** Reads what a request wants proved: {@code kind} and {@code id}. */
final class ProofSubjects {
  private ProofSubjects() {}

  static ProofSubject of(Context context) throws NodeException {
    String kind = Parameters.required(context, "kind");
    String id = Parameters.required(context, "id");
    return switch (kind) {
      case "member" -> new ProofSubject.OfMember(peer(id));
      case "group" -> new ProofSubject.OfGroup(Parameters.id("id", id));
      case "namespace" -> new ProofSubject.OfNamespace(key(id));
      case "job" -> new ProofSubject.OfTask(Parameters.id("id", id));
      case "progress" -> new ProofSubject.OfProgress(Parameters.id("id", id));
      case "ticket" -> new ProofSubject.OfTicket(key(id));
      case "record" -> record(id);
      default ->
          throw Parameters.bad(
              "kind: must be member, group, namespace, job, progress, ticket or record, and is "
                  + kind);
    };
  }

  private static PeerId peer(String text) throws NodeException {
    try {
      PeerId peer = PeerId.parse(text);
      LedgerKey.of(peer);
      return peer;
    } catch (IllegalArgumentException e) {
      throw Parameters.bad("id: not a peer id of a member: " + text);
    }
  }

  private static Bytes key(String text) throws NodeException {
    try {
      Bytes key = Bytes.fromHexString(text);
      LedgerKey.peerId(key);
      return key;
    } catch (IllegalArgumentException e) {
      throw Parameters.bad("id: not a key of 66 hexadecimal digits: " + text);
    }
  }

  private static ProofSubject record(String text) throws NodeException {
    int colon = text.indexOf(':');
    try {
      return new ProofSubject.OfRecord(
          Long.parseLong(text.substring(0, Math.max(0, colon))),
          Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw Parameters.bad("id: not HEIGHT:POSITION: " + text);
    }
  }
}
