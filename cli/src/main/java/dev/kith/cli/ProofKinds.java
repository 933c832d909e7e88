package dev.kith.cli;

import java.util.Iterator;
import java.util.List;

/** What {@code kith ledger prove} proves. */
final class ProofKinds implements Iterable<String> {
  private static final List<String> KINDS =
      List.of("member", "group", "namespace", "job", "progress", "ticket", "record");

  @Override
  public Iterator<String> iterator() {
    return KINDS.iterator();
  }
}
