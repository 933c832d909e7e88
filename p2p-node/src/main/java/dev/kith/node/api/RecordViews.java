package dev.kith.node.api;

import dev.kith.ledger.BlockSummary;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.record.Evidence;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.GroupDead;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.Leaving;
import dev.kith.ledger.record.MapUpdate;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.NamespacePut;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.TaskOpen;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import dev.kith.ledger.record.ValidatorReady;

/** Blocks and records as flat JSON. Members appear as peer ids, not as the ledger's indices. */
final class RecordViews {
  private final LedgerView view;

  RecordViews(LedgerView view) {
    this.view = view;
  }

  static Json.Fields block(BlockSummary block) {
    return Json.object()
        .with("height", block.height())
        .with("epoch", block.epoch())
        .with("view", block.view())
        .with("digest", block.digest())
        .with("parent", block.parent())
        .with("time", block.timeMillis())
        .with("proposer", block.proposer())
        .with("records", block.records())
        .with("stateRoot", block.stateRoot())
        .with("signers", block.signers());
  }

  Json.Fields record(RecordEntry entry) {
    Fact fact = entry.record().fact();
    Json.Fields fields =
        Json.object()
            .with("type", fact.getClass().getSimpleName())
            .with("height", entry.height())
            .with("position", entry.position())
            .with("time", entry.timeMillis())
            .with("id", entry.record().id())
            .with("author", entry.record().author());
    switch (entry.outcome()) {
      case Outcome.Applied _ -> fields.with("outcome", "APPLIED");
      case Outcome.Refused refused ->
          fields.with("outcome", "REFUSED").with("refusal", refused.refusal());
    }
    describe(fact, fields);
    return fields;
  }

  private void describe(Fact fact, Json.Fields fields) {
    switch (fact) {
      case MemberPut member ->
          fields
              .with("member", member.member())
              .with("name", member.name())
              .with("site", member.site())
              .with("owner", member.grant().owner())
              .with("inviter", member.ticket().inviter());
      case OfferPut offer ->
          fields
              .with("slots", offer.slots())
              .with("memoryMiB", offer.memoryMiB())
              .with("diskBytes", offer.diskBytes())
              .with("capabilities", offer.capabilities())
              .with("ttlSeconds", offer.ttlSeconds());
      case MapUpdate map ->
          fields
              .with("group", map.group())
              .with("owner", map.owner())
              .with("putId", map.putId())
              .with("number", map.number())
              .with("version", map.version())
              .with("root", map.root())
              .with("holders", map.holders().stream().map(h -> peer(h.member())).toList())
              .with("wanted", map.wanted())
              .with("bytes", map.bytes())
              .with("chunks", map.chunks());
      case GroupDead dead -> fields.with("group", dead.group()).with("version", dead.version());
      case NamespacePut namespace ->
          fields
              .with("owner", namespace.owner())
              .with("version", namespace.version())
              .with("root", namespace.root())
              .with("putId", namespace.putId())
              .with("groups", namespace.groups());
      case TaskOpen open ->
          fields
              .with("job", open.task())
              .with("owner", open.owner())
              .with("programHash", open.programHash())
              .with("splitRoot", open.splitRoot())
              .with("parts", open.parts())
              .with("attempts", open.attempts())
              .with("deadline", open.deadlineMillis())
              .with("coordinators", open.coordinators().stream().map(this::peer).toList());
      case LeaseTake lease ->
          fields
              .with("job", lease.task())
              .with("term", lease.term())
              .with("expires", lease.expiresMillis());
      case PartDone done ->
          fields
              .with("job", done.task())
              .with("term", done.term())
              .with("results", done.results().stream().map(this::result).toList());
      case TaskSeal seal ->
          fields
              .with("job", seal.task())
              .with("term", seal.term())
              .with("orderRoot", seal.orderRoot())
              .with("outputSha256", seal.outputHash())
              .with("outputBytes", seal.outputBytes());
      case TaskVoid ended -> fields.with("job", ended.task()).with("reason", ended.reason());
      case ValidatorReady ready -> fields.with("epoch", ready.epoch());
      case Leaving leaving -> fields.with("epoch", leaving.epoch());
      case Evidence evidence ->
          fields
              .with("epoch", evidence.epoch())
              .with("view", evidence.view())
              .with("signer", evidence.signer());
    }
  }

  private Json.Fields result(PartDone.Result result) {
    return Json.object()
        .with("part", result.part())
        .with("worker", peer(result.worker()))
        .with("resultHash", result.resultHash());
  }

  private String peer(int index) {
    return view.member(index)
        .map(member -> member.peer().toString())
        .orElse("unknown member " + index);
  }
}
