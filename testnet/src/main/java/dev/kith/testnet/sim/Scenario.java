package dev.kith.testnet.sim;

import dev.kith.ledger.simplex.Guard;
import java.util.Set;

/**
 * What a simulation is to try.
 *
 * @param validators size of the committee
 * @param mode what is demanded
 * @param byzantine how the tolerated number of Byzantine members behaves
 * @param removed rules taken out of the honest machines
 * @param writeAheadLog whether validators keep one
 * @param epochBlocks blocks in an epoch, after which other members get seats; 0 = one epoch
 * @param quorumDelta added to the quorum, to show that a smaller one is not enough
 */
public record Scenario(
    int validators,
    Mode mode,
    Byzantine byzantine,
    Set<Guard> removed,
    boolean writeAheadLog,
    int epochBlocks,
    int quorumDelta) {
  public Scenario {
    removed = Set.copyOf(removed);
  }

  public static Scenario of(int validators, Mode mode, Byzantine byzantine) {
    return new Scenario(validators, mode, byzantine, Set.of(), true, 0, 0);
  }

  public Scenario without(Guard guard) {
    return new Scenario(
        validators, mode, byzantine, Set.of(guard), writeAheadLog, epochBlocks, quorumDelta);
  }

  public Scenario withoutWriteAheadLog() {
    return new Scenario(validators, mode, byzantine, removed, false, epochBlocks, quorumDelta);
  }

  public Scenario withQuorumDelta(int delta) {
    return new Scenario(validators, mode, byzantine, removed, writeAheadLog, epochBlocks, delta);
  }

  /** The same in a realm with more members than seats, which change hands after so many blocks. */
  public Scenario withEpochs(int blocks) {
    return new Scenario(validators, mode, byzantine, removed, writeAheadLog, blocks, quorumDelta);
  }

  /** Members without a seat at the beginning. */
  int spares() {
    return epochBlocks > 0 ? 2 : 0;
  }

  /** What a simulation demands. */
  public enum Mode {
    /** Faults from beginning to end; nothing wrong may become final. */
    SAFETY,
    /**
     * After a while exactly a quorum is healed, everything else stays broken for ever; what the
     * quorum is asked to record must become final.
     */
    LIVENESS
  }

  /** How Byzantine members behave. */
  public enum Byzantine {
    NONE,
    /** They say nothing. Talkative liars help a broken protocol along; these do not. */
    SILENT,
    /** They vote for everything, propose two blocks at once and show certificates to some. */
    CHATTY
  }
}
