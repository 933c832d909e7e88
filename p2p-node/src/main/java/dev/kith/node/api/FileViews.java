package dev.kith.node.api;

import dev.kith.node.files.FileEntry;
import dev.kith.node.files.FileStat;
import dev.kith.node.files.PutSession.FileSummary;
import dev.kith.node.files.PutSession.PutSummary;

/** Files as JSON. */
final class FileViews {
  private FileViews() {}

  static Json.Fields entry(FileEntry entry) {
    return Json.object()
        .with("path", entry.path())
        .with("folder", entry.folder())
        .with("size", entry.size())
        .with("sha256", entry.sha256())
        .with("modified", entry.modifiedMillis())
        .with("version", entry.version());
  }

  static Json.Fields stat(FileStat stat) {
    return entry(stat.entry())
        .with("chunks", stat.chunks())
        .with(
            "groups",
            stat.groups().stream()
                .map(
                    group ->
                        Json.object()
                            .with("id", group.id())
                            .with(
                                "holders", group.holders().stream().map(Object::toString).toList())
                            .with("wanted", group.wanted())
                            .with("bytes", group.bytes()))
                .toList());
  }

  static Json.Fields file(FileSummary file) {
    return Json.object()
        .with("path", file.path())
        .with("size", file.size())
        .with("sha256", file.sha256())
        .with("chunks", file.chunks());
  }

  static Json.Fields summary(PutSummary put) {
    return Json.object()
        .with("count", put.files())
        .with("bytes", put.bytes())
        .with("storedBytes", put.storedBytes())
        .with("groups", put.groups())
        .with("copiesLeast", put.copiesLeast())
        .with("height", put.height());
  }
}
