package dev.kith.node.api;

import dev.kith.ledger.BlockSummary;
import dev.kith.ledger.CommitteeRow;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerStatus;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Member;
import dev.kith.ledger.ProofSubject;
import dev.kith.ledger.RecordFilter;
import dev.kith.ledger.record.Fact;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.tuweni.bytes.Bytes;

/** {@code /ledger}: what is final, as this peer has executed it. */
final class LedgerRoutes {
  private static final int BLOCKS_MAX = 1000;
  private static final int RECORDS_MAX = 20_000;

  /** The kinds of records, by the name that they have in JSON. */
  private static final Set<String> TYPES =
      Arrays.stream(Fact.class.getPermittedSubclasses())
          .map(Class::getSimpleName)
          .collect(Collectors.toCollection(TreeSet::new));

  private final Ledger ledger;

  private final Transfers transfers;

  LedgerRoutes(Ledger ledger, Transfers transfers) {
    this.ledger = ledger;
    this.transfers = transfers;
  }

  void register(RoutesConfig routes) {
    routes.get("/api/v1/ledger/head", this::head);
    routes.get("/api/v1/ledger/validators", this::validators);
    routes.get("/api/v1/ledger/blocks", this::blocks);
    routes.get("/api/v1/ledger/records", this::records);
    routes.get("/api/v1/ledger/proof", this::proof);
  }

  static Json.Fields headOf(Ledger ledger) throws IOException {
    LedgerStatus status = ledger.status();
    LedgerView view = ledger.view();
    List<BlockSummary> last = ledger.blocks(Math.max(0, view.height()), 1);
    Json.Fields head =
        Json.object()
            .with("height", view.height())
            .with("time", view.timeMillis())
            .with("epoch", status.epoch())
            .with("view", status.view())
            .with("members", view.members().size())
            .with("validator", status.validator())
            .with("committee", status.committee().stream().map(Object::toString).toList())
            .with("reachable", status.reachable().stream().map(Object::toString).toList())
            .with("missing", missing(status, view))
            .with("quorum", status.quorum())
            .with("stalled", status.stalled())
            .with("pendingRecords", status.pendingRecords());
    if (!last.isEmpty()) {
      head.with("digest", last.getFirst().digest()).with("stateRoot", last.getFirst().stateRoot());
    }
    return head;
  }

  private void head(Context context) throws IOException {
    Json.answer(context, headOf(ledger).with("realm", ledger.realmId()));
  }

  /** Names of the validators that cannot be reached. */
  private static List<String> missing(LedgerStatus status, LedgerView view) {
    return status.committee().stream()
        .filter(peer -> !status.reachable().contains(peer))
        .map(peer -> view.member(peer).map(Member::name).orElse(peer.toString()))
        .toList();
  }

  /** Who validates, and who could. */
  private void validators(Context context) {
    LedgerStatus status = ledger.status();
    LedgerView view = ledger.view();
    CommitteeRow committee = view.committee();
    Json.answer(
        context,
        Json.object()
            .with("epoch", committee.epoch())
            .with("sinceHeight", committee.startHeight())
            .with("since", committee.startMillis())
            .with("quorum", status.quorum())
            .with("stalled", status.stalled())
            .with(
                "validators",
                committee.seats().stream().map(seat -> seat(seat, status, view)).toList())
            .with(
                "standbys",
                committee.standbys().stream()
                    .map(
                        standby ->
                            named(standby.member(), view).with("ready", standby.readyMillis()))
                    .toList()));
  }

  private static Json.Fields seat(CommitteeRow.Seat seat, LedgerStatus status, LedgerView view) {
    boolean reachable =
        view.member(seat.member())
            .map(member -> status.reachable().contains(member.peer()))
            .orElse(false);
    return named(seat.member(), view)
        .with("reachable", reachable)
        .with("missed", seat.missed())
        .with("leaving", seat.leaving())
        .with("evicted", seat.evicted());
  }

  private static Json.Fields named(int index, LedgerView view) {
    Json.Fields fields = Json.object().with("member", index);
    view.member(index)
        .ifPresent(member -> fields.with("peerId", member.peer()).with("name", member.name()));
    return fields;
  }

  /** The newest blocks, or those from a height on; always in height order. */
  private void blocks(Context context) throws IOException {
    int limit = (int) Parameters.number(context, "limit", 20, 1, BLOCKS_MAX);
    long newest = Math.max(0, ledger.view().height() - limit + 1);
    long from = Parameters.number(context, "from", newest, 0, Long.MAX_VALUE);
    Json.answer(context, ledger.blocks(from, limit).stream().map(RecordViews::block).toList());
  }

  /** A proof file, which {@code kith ledger verify} checks. */
  private void proof(Context context) throws IOException {
    ProofSubject subject = ProofSubjects.of(context);
    Optional<Bytes> proof = ledger.prove(subject);
    if (proof.isEmpty()) {
      throw new NodeException(
          Problem.NOT_FOUND,
          subject instanceof ProofSubject.OfRecord record
              ? "no record stands at " + record.height() + ":" + record.position()
              : "no block is final yet");
    }
    context.contentType(ContentType.APPLICATION_OCTET_STREAM);
    context.result(proof.get().toArrayUnsafe());
  }

  private void records(Context context) throws IOException, InterruptedException {
    int limit = (int) Parameters.number(context, "limit", 1000, 1, RECORDS_MAX);
    long from = Parameters.number(context, "from", 0, 0, Long.MAX_VALUE);
    Optional<String> type = Optional.empty();
    Optional<String> asked = Parameters.optional(context, "type");
    if (asked.isPresent()) {
      type = TYPES.stream().filter(asked.get()::equalsIgnoreCase).findFirst();
      if (type.isEmpty()) {
        throw Parameters.bad("type: must be one of " + TYPES + ", and is " + asked.get());
      }
    }
    var job = Parameters.id(context, "job");
    var group = Parameters.id(context, "group");
    RecordViews views = new RecordViews(ledger.view());
    RecordFilter filter = new RecordFilter(type, job, group);
    RecordPages pages = new RecordPages(ledger, from, filter, limit);
    transfers.run(context, () -> Json.answer(context, pages.stream().map(views::record)));
  }
}
