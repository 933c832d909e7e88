package dev.kith.node.jobs;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.jobs.JobView.Attempt;
import dev.kith.node.jobs.JobView.Outcome;
import dev.kith.node.jobs.attempt.AttemptResult.Answered;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers of a job as they came, one after another in the file {@code answers}, and the journal
 * of which is where and of all attempts. Opening it again after a kill finds all answers whose
 * journal entry is whole and whose bytes have their hash. Thread-safe.
 */
final class AnswerBook implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerBook.class);
  private static final int ANSWER = 1;
  private static final int ATTEMPT = 2;

  /** Peers that come and go for a week lose attempts without end. */
  static final int PART_ATTEMPTS_MAX = 32;

  /** Nine racers of each of 65,536 parts; about 60 MB. */
  static final int ATTEMPTS_MAX = 600_000;

  private final Path answersFile;
  private final Map<Integer, Entry> entries = new TreeMap<>();
  private final List<LoggedAttempt> attempts = new ArrayList<>();
  private final Map<Integer, Integer> attemptsOfParts = new HashMap<>();
  private final JournalFile journal;
  private final FileOutputStream answers;
  private long end;

  /** Where a part's answer lies, and whose it is. */
  record Entry(int part, PeerId worker, long offset, long bytes, Bytes32 hash, Bytes signature) {}

  /** An attempt that is over. */
  record LoggedAttempt(int part, Attempt attempt) {}

  /**
   * @param folder of the job
   */
  AnswerBook(Path folder) throws IOException {
    answersFile = folder.resolve("answers");
    journal = JournalFile.open(folder.resolve("journal"), this::replay);
    dropDamaged();
    try (RandomAccessFile access = new RandomAccessFile(answersFile.toFile(), "rw")) {
      access.setLength(end);
    }
    answers = new FileOutputStream(answersFile.toFile(), true);
  }

  private void replay(Bytes body) {
    try {
      Reader in = new Reader(body);
      switch (in.u8()) {
        case ANSWER -> {
          Entry entry =
              new Entry(
                  in.u32(),
                  PeerId.fromBytes(in.bytes16(PeerId.BYTES_MAX)),
                  in.u63(),
                  in.u63(),
                  in.hash(),
                  in.fixed(64));
          entries.putIfAbsent(entry.part(), entry);
        }
        case ATTEMPT -> keep(new LoggedAttempt(in.u32(), JobViewCodec.readAttempt(in)));
        default -> LOG.warn("a journal entry of an unknown kind in {}", answersFile);
      }
    } catch (DecodeException | IllegalArgumentException e) {
      LOG.warn("a journal entry that cannot be read in {}", answersFile, e);
    }
  }

  /** After a power cut the journal may know more than reached the other file. */
  private void dropDamaged() throws IOException {
    entries.values().removeIf(entry -> !intact(entry));
    end = entries.values().stream().mapToLong(e -> e.offset() + e.bytes()).max().orElse(0);
  }

  private boolean intact(Entry entry) {
    MessageDigest digest = Hash.digest();
    try {
      copy(entry, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    } catch (IOException e) {
      return false;
    }
    return Bytes32.wrap(digest.digest()).equals(entry.hash());
  }

  /** Keeps a part's first answer. */
  synchronized Entry add(int part, PeerId worker, Answered answer) throws IOException {
    long bytes = answer.spool().bytes();
    answer.spool().transferTo(answers);
    Entry entry = new Entry(part, worker, end, bytes, answer.hash(), answer.signature());
    journal.append(
        new Writer(200)
            .u8(ANSWER)
            .u32(part)
            .bytes16(worker.multihash())
            .u63(end)
            .u63(bytes)
            .fixed(entry.hash())
            .fixed(entry.signature()));
    end += bytes;
    entries.put(part, entry);
    return entry;
  }

  /** Keeps an attempt, unless there are too many: those that won are kept always. */
  synchronized void log(int part, Attempt attempt) throws IOException {
    int ofPart = attemptsOfParts.getOrDefault(part, 0);
    boolean full = ofPart >= PART_ATTEMPTS_MAX || attempts.size() >= ATTEMPTS_MAX;
    if (full && attempt.outcome() != Outcome.FIRST) {
      return;
    }
    Writer entry = new Writer(128).u8(ATTEMPT).u32(part);
    JobViewCodec.writeAttempt(entry, attempt);
    journal.append(entry);
    keep(new LoggedAttempt(part, attempt));
  }

  private void keep(LoggedAttempt logged) {
    attempts.add(logged);
    attemptsOfParts.merge(logged.part(), 1, Integer::sum);
  }

  synchronized List<LoggedAttempt> attempts() {
    return List.copyOf(attempts);
  }

  synchronized Optional<Entry> entry(int part) {
    return Optional.ofNullable(entries.get(part));
  }

  /** In part order. */
  synchronized List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  synchronized BitSet done() {
    BitSet done = new BitSet();
    entries.keySet().forEach(done::set);
    return done;
  }

  /** Bytes of all answers. */
  synchronized long bytes() {
    return end;
  }

  /** What was added survives a power cut from here on. */
  synchronized void sync() throws IOException {
    answers.getFD().sync();
    journal.sync();
  }

  /** Copies the answers of parts [first, last), which are all there, in order. */
  void transferTo(int first, int last, OutputStream out) throws IOException {
    try (JoinedAnswer joined = new JoinedAnswer(this, answersFile, first, last)) {
      joined.transferTo(out);
    }
  }

  /** The whole answer of {@code parts} parts. */
  JoinedAnswer joined(int parts) throws IOException {
    return new JoinedAnswer(this, answersFile, 0, parts);
  }

  private void copy(Entry entry, OutputStream out) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(answersFile.toFile(), "r")) {
      access.seek(entry.offset());
      byte[] buffer = new byte[64 << 10];
      for (long left = entry.bytes(); left > 0; ) {
        int count = (int) Math.min(left, buffer.length);
        access.readFully(buffer, 0, count);
        out.write(buffer, 0, count);
        left -= count;
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    answers.close();
    journal.close();
  }
}
