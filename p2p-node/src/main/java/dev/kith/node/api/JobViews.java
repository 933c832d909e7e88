package dev.kith.node.api;

import dev.kith.node.jobs.JobService.ProgramNeeds;
import dev.kith.node.jobs.JobView;
import dev.kith.node.jobs.JobView.Attempt;
import dev.kith.node.jobs.JobView.Part;

/** Jobs as JSON. */
final class JobViews {
  private JobViews() {}

  static Json.Fields summary(JobView view) {
    return Json.object()
        .with("job", view.job())
        .with("program", view.program())
        .with("state", view.state())
        .with("problem", view.problem())
        .with("reason", view.reason())
        .with("opened", view.openedMillis())
        .with("ended", view.endedMillis())
        .with("coordinator", view.coordinator())
        .with("partsTotal", view.partsTotal())
        .with("partsDone", view.partsDone())
        .with("outputBytes", view.outputBytes())
        .with("outputSha256", view.outputHash());
  }

  static Json.Fields part(Part part) {
    return Json.object()
        .with("part", part.part())
        .with("attempts", part.attempts().stream().map(JobViews::attempt).toList())
        .with("firstResponder", part.firstResponder());
  }

  private static Json.Fields attempt(Attempt attempt) {
    return Json.object()
        .with("peer", attempt.peer())
        .with("started", attempt.startedMillis())
        .with("ended", attempt.endedMillis())
        .with("outcome", attempt.outcome())
        .with("detail", attempt.detail());
  }

  static Json.Fields needs(ProgramNeeds needs) {
    return Json.object()
        .with("kind", needs.kind())
        .with("bytes", needs.bytes())
        .with("capabilities", needs.capabilities())
        .with("memoryBytesMin", needs.memoryBytesMin())
        .with("memoryBytesMax", needs.memoryBytesMax());
  }
}
