package dev.kith.node.jobs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders of the jobs that this peer coordinates or did so lately. Thread-safe. */
final class JobFolders {
  private static final Logger LOG = LoggerFactory.getLogger(JobFolders.class);
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

  private final Path root;
  private final Path scratch;

  JobFolders(Path root) throws IOException {
    this.root = Files.createDirectories(root.toAbsolutePath());
    this.scratch = Files.createDirectories(this.root.resolve("scratch"));
    try (DirectoryStream<Path> left = Files.newDirectoryStream(scratch)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** For answers under way; emptied at each start. */
  Path scratch() {
    return scratch;
  }

  JobFolder create(Bytes32 job) throws IOException {
    return JobFolder.create(root, job);
  }

  Optional<JobFolder> find(Bytes32 job) {
    return Optional.of(root.resolve(job.toUnprefixedHexString()))
        .filter(Files::isDirectory)
        .map(JobFolder::new);
  }

  /** Jobs that were under way when the daemon ended; a folder that was not yet a job goes. */
  List<JobFolder> unfinished() throws IOException {
    List<JobFolder> unfinished = new ArrayList<>();
    for (JobFolder folder : all()) {
      if (folder.specification().isEmpty()) {
        folder.delete();
      } else if (folder.ended().isEmpty()) {
        unfinished.add(folder);
      }
    }
    return unfinished;
  }

  /** Removes all but the newest finished jobs. */
  synchronized void prune(Set<Bytes32> running) {
    try {
      record Ended(JobFolder folder, FileTime when) {}
      List<Ended> ended = new ArrayList<>();
      for (JobFolder folder : all()) {
        Path mark = folder.path().resolve("ended");
        boolean runs =
            running.contains(Bytes32.fromHexString(folder.path().getFileName().toString()));
        if (!runs && Files.exists(mark)) {
          ended.add(new Ended(folder, Files.getLastModifiedTime(mark)));
        }
      }
      ended.sort(Comparator.comparing(Ended::when).reversed());
      for (Ended old : ended.stream().skip(JobLimits.ENDED_JOBS_KEPT).toList()) {
        old.folder.delete();
      }
    } catch (IOException e) {
      LOG.warn("old jobs were not removed from {}", root, e);
    }
  }

  private List<JobFolder> all() throws IOException {
    List<JobFolder> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry) && NAME.matcher(entry.getFileName().toString()).matches()) {
          folders.add(new JobFolder(entry));
        }
      }
    }
    return folders;
  }
}
