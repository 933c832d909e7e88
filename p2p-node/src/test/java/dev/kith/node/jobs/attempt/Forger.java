package dev.kith.node.jobs.attempt;

import dev.kith.ledger.codec.Hash;
import dev.kith.libp2p.host.Host;
import java.io.DataInputStream;
import org.apache.tuweni.bytes.Bytes;

/** A peer that answers every attempt at once, with a signature that is nobody's. */
public final class Forger {
  private Forger() {}

  public static void serve(Host host, String protocol) {
    host.serve(
        protocol,
        stream -> {
          DataInputStream in = new DataInputStream(stream.input());
          AttemptMessage request = AttemptMessage.read(in);
          if (request instanceof AttemptMessage.Request) {
            Bytes answer = Bytes.of(1, 2, 3);
            AttemptMessage.write(stream.output(), new AttemptMessage.Accepted());
            AttemptMessage.write(
                stream.output(),
                new AttemptMessage.Answer(
                    Hash.sha256(answer), answer.size(), Bytes.wrap(new byte[64])));
            AttemptMessage.write(stream.output(), new AttemptMessage.Data(answer));
            AttemptMessage.write(stream.output(), new AttemptMessage.End());
            // The stream stays until the coordinator has read it.
            in.transferTo(java.io.OutputStream.nullOutputStream());
          }
        });
  }
}
