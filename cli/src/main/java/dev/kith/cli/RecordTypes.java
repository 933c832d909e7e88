package dev.kith.cli;

import dev.kith.ledger.record.Fact;
import java.util.Arrays;
import java.util.Iterator;

/** The kinds of records, by the names that {@code --type} takes; for the shell. */
final class RecordTypes implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Arrays.stream(Fact.class.getPermittedSubclasses())
        .map(Class::getSimpleName)
        .sorted()
        .iterator();
  }
}
