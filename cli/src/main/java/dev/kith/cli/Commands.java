package dev.kith.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The commands of this module, by name. */
final class Commands {
  private Commands() {}

  static Map<String, Function<Cli, Object>> builtIn() {
    Map<String, Function<Cli, Object>> commands = new TreeMap<>();
    commands.put("up", UpCommand::new);
    commands.put("down", DownCommand::new);
    commands.put("completion", CompletionCommand::new);
    commands.put("get", GetCommand::new);
    commands.put("init", InitCommand::new);
    commands.put("join", JoinCommand::new);
    commands.put("inspect", InspectCommand::new);
    commands.put("invite", InviteCommand::new);
    commands.put("job", JobCommand::new);
    commands.put("ledger", LedgerCommand::new);
    commands.put("libp2p", Libp2pCommand::group);
    commands.put("logs", LogsCommand::new);
    commands.put("ls", LsCommand::new);
    commands.put("peers", PeersCommand::new);
    commands.put("put", PutCommand::new);
    commands.put("realm", RealmCommand::new);
    commands.put("rm", RmCommand::new);
    commands.put("run", RunCommand::new);
    commands.put("stat", StatCommand::new);
    commands.put("status", StatusCommand::new);
    return commands;
  }
}
