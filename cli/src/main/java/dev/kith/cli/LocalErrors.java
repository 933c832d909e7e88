package dev.kith.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in one line what went wrong with a file of this device. */
final class LocalErrors {
  private LocalErrors() {}

  static String describe(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file: " + missing.getFile();
      case AccessDeniedException denied -> "permission denied: " + denied.getFile();
      case FileAlreadyExistsException exists -> "it exists already: " + exists.getFile();
      case NotDirectoryException file -> "not a folder: " + file.getFile();
      case DirectoryNotEmptyException full -> "the folder is not empty: " + full.getFile();
      case FileSystemException other -> {
        String reason = other.getReason();
        yield (reason == null ? "failed" : Kith.oneLine(reason)) + ": " + other.getFile();
      }
      default -> Kith.oneLine(e.getMessage());
    };
  }
}
