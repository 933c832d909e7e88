package dev.kith.cli;

import dev.kith.ledger.ProofSubject;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.light.Anchor;
import dev.kith.ledger.light.Answer;
import dev.kith.ledger.light.ProofFile;
import dev.kith.ledger.proof.RecordProof;
import dev.kith.ledger.proof.StateProof;
import dev.kith.ledger.record.FactCodec;
import dev.kith.ledger.state.Subjects;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.Home;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/** Proofs as files: fetched from the daemon, and checked without it. */
final class LedgerProofs {
  private final Cli cli;

  LedgerProofs(Cli cli) {
    this.cli = cli;
  }

  ExitCode prove(String kind, String id, Path output, boolean force) throws IOException {
    byte[] proof = cli.daemon().get("ledger/proof", Map.of("kind", kind, "id", id));
    ProofFile file;
    try {
      file = ProofFile.decode(Bytes.wrap(proof));
    } catch (DecodeException e) {
      throw new NodeException(Problem.INTERNAL, "the daemon sent no proof: " + e.getMessage(), e);
    }
    write(output, Bytes.wrap(proof), force);
    if (cli.json()) {
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("file", output.toString());
      shown.put("bytes", proof.length);
      shown.putAll(described(file));
      cli.out().println(JsonText.write(shown));
    } else {
      cli.out().println("wrote " + output + ", " + proof.length + " bytes");
    }
    return ExitCode.OK;
  }

  ExitCode verify(Path file, @Nullable String realm, @Nullable Path checkpoint) throws IOException {
    if (realm != null && checkpoint != null) {
      throw new NodeException(Problem.BAD_REQUEST, "either --realm or --checkpoint");
    }
    Answer answer;
    ProofFile proof;
    try {
      proof = ProofFile.decode(read(file, ProofFile.BYTES_MAX));
      long now = System.currentTimeMillis();
      answer =
          checkpoint == null
              ? proof.verify(realmId(realm), now)
              : proof.verify(anchor(checkpoint), now);
    } catch (DecodeException e) {
      return refuse(file + " is no proof: " + e.getMessage());
    }
    return switch (answer) {
      case Answer.Accepted _ -> accept(proof);
      case Answer.Refused refused -> refuse(words(refused.reason()));
      case Answer.Frozen _ -> refuse("the committee finalized two blocks that exclude each other");
    };
  }

  ExitCode checkpoint(Path file, boolean force) throws IOException {
    Anchor anchor = Anchor.of(Home.open(cli.home()).genesis());
    write(file, anchor.encode(), force);
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("file", file.toString())
              .with("realm", anchor.realmId().toUnprefixedHexString())
              .with("epoch", anchor.epoch()));
    } else {
      cli.out().println("wrote " + file);
    }
    return ExitCode.OK;
  }

  private Bytes32 realmId(@Nullable String text) throws IOException {
    if (text == null) {
      return Home.open(cli.home()).genesis().realmId();
    }
    try {
      if (text.length() == 64) {
        return Bytes32.fromHexString(text);
      }
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "not a realm's id: " + text, e);
    }
    throw new NodeException(Problem.BAD_REQUEST, "not a realm's id: " + text);
  }

  private static Anchor anchor(Path checkpoint) throws IOException {
    try {
      return Anchor.decode(read(checkpoint, Anchor.BYTES_MAX));
    } catch (DecodeException e) {
      throw new NodeException(
          Problem.BAD_REQUEST, checkpoint + " is no checkpoint: " + e.getMessage(), e);
    }
  }

  private ExitCode accept(ProofFile proof) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("valid", true);
    shown.putAll(described(proof));
    if (cli.json()) {
      cli.out().println(JsonText.write(shown));
    } else {
      shown.forEach((name, value) -> cli.out().printf("%-9s  %s%n", name, value));
    }
    return ExitCode.OK;
  }

  private ExitCode refuse(String reason) {
    if (cli.json()) {
      cli.printJson(JsonText.object().with("valid", false).with("reason", reason));
    } else {
      cli.say("kith: not proved: " + reason);
    }
    return ExitCode.NOT_PROVED;
  }

  private static String words(Answer.Reason reason) {
    return switch (reason) {
      case NOT_PROVED -> "it is of another realm, or was changed, or too few validators signed";
      case UNKNOWN_EPOCH -> "the hand-overs to the committee that signed are not in it";
      case TOO_FEW_TRUSTED -> "too few validators that are trusted signed";
      case TRUST_TOO_OLD -> "the checkpoint is too old; take a new one";
      case FROM_THE_FUTURE -> "it is of a time that has not come yet by this machine's clock";
    };
  }

  private static Map<String, Object> described(ProofFile file) {
    Header header = file.proof().at().header();
    Map<String, Object> to = new LinkedHashMap<>();
    to.put("realm", hex(header.realmId()));
    to.put("height", header.height());
    to.put("time", header.timeMillis());
    to.put("epoch", header.epoch());
    to.put("digest", hex(header.digest()));
    to.put("signers", file.proof().at().finalization().signatures().size());
    switch (file.proof()) {
      case StateProof state -> {
        Optional<ProofSubject> subject = Subjects.subject(state.key());
        to.put("kind", subject.map(LedgerProofs::kind).orElse("row"));
        subject.ifPresent(s -> to.put("id", id(s)));
        to.put("present", state.row().isPresent());
        to.put("key", hex(state.key()));
        state.row().ifPresent(row -> to.put("row", hex(row)));
      }
      case RecordProof proof -> {
        to.put("kind", "record");
        to.put("id", hex(proof.record().id()));
        to.put("type", proof.record().fact().getClass().getSimpleName());
        to.put("author", proof.record().author().toString());
        to.put("fact", hex(FactCodec.encode(proof.record().fact())));
      }
    }
    return to;
  }

  private static String hex(Bytes bytes) {
    return bytes.toUnprefixedHexString();
  }

  private static String kind(ProofSubject subject) {
    return switch (subject) {
      case ProofSubject.OfMember _ -> "member";
      case ProofSubject.OfGroup _ -> "group";
      case ProofSubject.OfNamespace _ -> "namespace";
      case ProofSubject.OfTask _ -> "job";
      case ProofSubject.OfProgress _ -> "progress";
      case ProofSubject.OfTicket _ -> "ticket";
      case ProofSubject.OfRecord _ -> "record";
    };
  }

  private static String id(ProofSubject subject) {
    return switch (subject) {
      case ProofSubject.OfMember member -> member.peer().toString();
      case ProofSubject.OfGroup group -> hex(group.group());
      case ProofSubject.OfNamespace namespace -> hex(namespace.owner());
      case ProofSubject.OfTask task -> hex(task.task());
      case ProofSubject.OfProgress task -> hex(task.task());
      case ProofSubject.OfTicket ticket -> hex(ticket.key());
      case ProofSubject.OfRecord record -> record.height() + ":" + record.position();
    };
  }

  private static Bytes read(Path file, int bytesMax) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Bytes.wrap(in.readNBytes(bytesMax + 1));
    }
  }

  private static void write(Path file, Bytes bytes, boolean force) throws IOException {
    try (OutputFile out = OutputFile.create(file)) {
      out.stream().write(bytes.toArrayUnsafe());
      out.appear(force);
    } catch (FileAlreadyExistsException e) {
      throw new NodeException(
          Problem.ALREADY_EXISTS, file + " exists already (--force replaces it)", e);
    }
  }
}
