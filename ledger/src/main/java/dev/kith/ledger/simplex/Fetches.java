package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Committee;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Asks other validators for what is missing: first the one that must have it, then others at
 * random, each thing at most once in 70 ms and ever less often, and never more than 64 things at
 * once.
 */
final class Fetches {
  private static final int OUTSTANDING_MAX = 64;
  private static final int PAUSE_MIN_MILLIS = 70;
  private static final int PAUSE_MAX_MILLIS = 1_000;

  private final Committee committee;
  private final int self;
  private final RandomGenerator random;
  private final Map<Key, Attempt> attempts = new HashMap<>();
  private final Map<Key, Integer> wanted = new LinkedHashMap<>();

  Fetches(Committee committee, int self, RandomGenerator random) {
    this.committee = committee;
    this.self = self;
    this.random = random;
  }

  /** Forgets what was wanted; what is still wanted is named again in each turn. */
  void clear() {
    wanted.clear();
  }

  /** Wants a block; {@code hint} is the validator to ask first. */
  void block(Bytes32 digest, int hint) {
    want(new BlockKey(digest), hint);
  }

  /** Wants what there is of a view; {@code hint} is the validator to ask first. */
  void certificate(long view, int hint) {
    want(new CertificateKey(view), hint);
  }

  boolean wants(Bytes32 digest) {
    return attempts.containsKey(new BlockKey(digest));
  }

  /** Sends the requests that are due; returns when the next one will be. */
  long send(long now, Sender sender) {
    attempts.keySet().retainAll(wanted.keySet());
    long next = Long.MAX_VALUE;
    if (committee.size() == 1) {
      return next;
    }
    for (Map.Entry<Key, Integer> want : wanted.entrySet()) {
      Attempt attempt = attempts.computeIfAbsent(want.getKey(), key -> new Attempt(now));
      if (attempt.due <= now) {
        sender.send(target(want.getValue(), attempt.tries), want.getKey().request());
        attempt.due =
            now + Math.min(PAUSE_MAX_MILLIS, PAUSE_MIN_MILLIS << Math.min(attempt.tries, 4));
        attempt.tries++;
      }
      next = Math.min(next, attempt.due);
    }
    return next;
  }

  private void want(Key key, int hint) {
    if (wanted.size() < OUTSTANDING_MAX) {
      wanted.putIfAbsent(key, hint);
    }
  }

  private int target(int hint, int tries) {
    if (tries == 0 && hint != self) {
      return hint;
    }
    int pick = random.nextInt(committee.size() - 1);
    return pick >= self ? pick + 1 : pick;
  }

  /** Takes a request to a validator. */
  interface Sender {
    void send(int to, Message request);
  }

  private sealed interface Key {
    Message request();
  }

  private record BlockKey(Bytes32 digest) implements Key {
    @Override
    public Message request() {
      return new Message.GetBlock(digest);
    }
  }

  private record CertificateKey(long view) implements Key {
    @Override
    public Message request() {
      return new Message.GetCertificate(view);
    }
  }

  private static final class Attempt {
    long due;
    int tries;

    Attempt(long due) {
      this.due = due;
    }
  }
}
