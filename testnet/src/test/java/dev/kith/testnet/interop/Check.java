package dev.kith.testnet.interop;

/** What is checked over each channel, as the table in docs/interop.md names it. */
enum Check {
  IDENTIFY("identify"),
  PING("ping"),
  ECHO("5 MB through echo"),
  PERF("perf, 4 MB up and 8 MB down"),
  KAD("kad: peers, providers, values"),
  GOSSIPSUB("gossipsub, both ways");

  private final String title;

  Check(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
