package dev.kith.node.files;

import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A name in the owner's tree.
 *
 * @param size 0 for a folder
 * @param sha256 of a file's content
 * @param version how often this path was put, from 1; 0 for a folder
 */
public record FileEntry(
    String path,
    boolean folder,
    long size,
    Optional<Bytes32> sha256,
    long modifiedMillis,
    int version) {}
