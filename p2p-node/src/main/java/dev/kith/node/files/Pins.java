package dev.kith.node.files;

import dev.kith.dht.chunk.GroupId;
import dev.kith.node.files.content.GroupRanges;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.tuweni.bytes.Bytes;

/**
 * Groups that open files and unfinished puts of this device need, whatever the names say by now.
 * Thread-safe.
 */
final class Pins {
  private final Bytes owner;
  private final Map<Object, GroupRanges> files = new ConcurrentHashMap<>();
  private final Set<Bytes> puts = ConcurrentHashMap.newKeySet();
  private final Map<Bytes, Set<GroupId>> putGroups = new ConcurrentHashMap<>();

  Pins(Bytes owner) {
    this.owner = owner;
  }

  void file(Object openFile, GroupRanges groups) {
    files.put(openFile, groups);
  }

  void release(Object openFile) {
    files.remove(openFile);
  }

  /** All groups of this put, those to come included. */
  void put(Bytes putId) {
    puts.add(putId);
  }

  void put(Bytes putId, GroupId group) {
    putGroups.computeIfAbsent(putId, _ -> ConcurrentHashMap.newKeySet()).add(group);
  }

  void releasePut(Bytes putId) {
    puts.remove(putId);
    putGroups.remove(putId);
  }

  boolean hasPut(Bytes putId) {
    return puts.contains(putId);
  }

  /** Whether an unfinished put of this device wrote the group. */
  boolean inPut(GroupId group) {
    return putGroups.values().stream().anyMatch(groups -> groups.contains(group));
  }

  /** The groups that open files need at this moment. */
  Set<GroupId> openFiles() {
    Set<GroupId> groups = new HashSet<>();
    files.values().forEach(ranges -> ranges.forEach(name -> groups.add(name.id(owner))));
    return groups;
  }
}
