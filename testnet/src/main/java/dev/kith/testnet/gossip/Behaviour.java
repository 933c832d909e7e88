package dev.kith.testnet.gossip;

/** What a simulated peer does. */
enum Behaviour {
  HONEST,

  /** Takes places in meshes, promises messages by gossip, and forwards nothing. */
  SILENT,

  /** Sends forged messages to everybody, and is honest otherwise. */
  FORGER
}
