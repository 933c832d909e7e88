package dev.kith.node.api;

import static dev.kith.node.api.Parameters.number;
import static dev.kith.node.api.Parameters.required;
import static dev.kith.node.api.Parameters.truth;

import dev.kith.node.files.FileEntry;
import dev.kith.node.files.FileService;
import dev.kith.node.files.FileService.PutOptions;
import dev.kith.node.files.FileStat;
import dev.kith.node.files.PutSession;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** {@code /files}, {@code /list}, {@code /stat} and {@code /puts}. */
final class FileRoutes {
  private final FileService files;
  private final PutSessions puts;
  private final Transfers transfers;

  FileRoutes(FileService files, PutSessions puts, Transfers transfers) {
    this.files = files;
    this.puts = puts;
    this.transfers = transfers;
  }

  void register(RoutesConfig routes) {
    routes.get("/api/v1/files", this::get);
    routes.put("/api/v1/files", this::putOne);
    routes.delete("/api/v1/files", this::remove);
    routes.get("/api/v1/list", this::list);
    routes.get("/api/v1/stat", this::stat);
    routes.post("/api/v1/puts", this::begin);
    routes.put("/api/v1/puts/{id}/files", this::add);
    routes.get("/api/v1/puts/{id}", this::progress);
    routes.post("/api/v1/puts/{id}/commit", this::commit);
    routes.delete("/api/v1/puts/{id}", this::abandon);
  }

  private void get(Context context) throws IOException, InterruptedException {
    transfers.run(
        context,
        () -> {
          try (FileService.OpenFile file = files.open(required(context, "path"))) {
            FileEntry entry = file.entry();
            ByteRange range = ByteRange.of(context.header("Range"), entry.size());
            context.header("Accept-Ranges", "bytes");
            context.header("Kith-Modified", Long.toString(entry.modifiedMillis()));
            entry.sha256().ifPresent(hash -> context.header("Kith-Sha256", Json.hex(hash)));
            context.contentType("application/octet-stream");
            if (range.partial()) {
              long last = range.offset() + range.length() - 1;
              context.status(206);
              context.header(
                  "Content-Range", "bytes " + range.offset() + "-" + last + "/" + entry.size());
            }
            context.res().setContentLengthLong(range.length());
            file.transferTo(context.res().getOutputStream(), range.offset(), range.length());
          }
        });
  }

  private void putOne(Context context) throws IOException, InterruptedException {
    transfers.run(
        context,
        () -> {
          try (PutSession put = files.put(PutOptions.DEFAULT);
              InputStream body = context.req().getInputStream()) {
            var file = put.add(required(context, "path"), body, modified(context));
            Json.answer(
                context, FileViews.summary(put.commit()).with("file", FileViews.file(file)));
          }
        });
  }

  private void begin(Context context) throws IOException, InterruptedException {
    JsonNode request = Json.read(context);
    PutOptions options =
        new PutOptions(
            Parameters.integer(request, "copies", PutOptions.DEFAULT.copies(), 1, 16),
            Duration.ofSeconds(
                Parameters.integer(
                    request,
                    "finalTimeoutSeconds",
                    (int) PutOptions.DEFAULT.finalTimeout().toSeconds(),
                    1,
                    3600)));
    Json.answer(context, Json.object().with("put", puts.begin(options)));
  }

  private void add(Context context) throws IOException, InterruptedException {
    transfers.run(
        context,
        () -> {
          try (InputStream body = context.req().getInputStream()) {
            var file =
                puts.add(
                    context.pathParam("id"), required(context, "path"), body, modified(context));
            Json.answer(context, FileViews.file(file));
          }
        });
  }

  private void progress(Context context) throws IOException {
    long confirmed = puts.confirmedBytes(context.pathParam("id"));
    Json.answer(context, Json.object().with("confirmedBytes", confirmed));
  }

  private void commit(Context context) throws IOException, InterruptedException {
    transfers.run(
        context,
        () -> Json.answer(context, FileViews.summary(puts.commit(context.pathParam("id")))));
  }

  private void abandon(Context context) {
    puts.abandon(context.pathParam("id"));
    context.status(204);
  }

  private void list(Context context) throws IOException, InterruptedException {
    String path = Parameters.optional(context, "path").orElse("/");
    boolean recursive = truth(context, "recursive");
    Json.answer(
        context,
        elements -> files.list(path, recursive, entry -> elements.add(FileViews.entry(entry))));
  }

  private void stat(Context context) throws IOException, InterruptedException {
    FileStat stat = files.stat(required(context, "path"));
    Json.answer(context, FileViews.stat(stat));
  }

  private void remove(Context context) throws IOException, InterruptedException {
    int removed = files.remove(required(context, "path"), truth(context, "recursive"));
    Json.answer(context, Json.object().with("removed", removed));
  }

  private static long modified(Context context) throws IOException {
    return number(context, "modified", System.currentTimeMillis(), 0, Long.MAX_VALUE);
  }
}
