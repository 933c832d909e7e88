package dev.kith.testnet.sim;

import dev.kith.ledger.block.BatchRef;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.simplex.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A liar that talks: it signs whatever could do harm, to some members and not to others, proposes
 * two blocks where it leads, and repeats old certificates.
 */
final class ChattyValidator implements Actor {
  private static final int REMEMBERED = 16;

  private final Simulation simulation;
  private final World world;
  private final int index;
  private final List<Block> blocks = new ArrayList<>();
  private final List<Message> certificates = new ArrayList<>();
  private final Set<Long> led = new HashSet<>();

  ChattyValidator(Simulation simulation, int index) {
    this.simulation = simulation;
    this.world = simulation.world();
    this.index = index;
  }

  @Override
  public void receive(int from, long epoch, Message message) {
    switch (message) {
      case Message.Propose(Block block, Vote vote) -> {
        remember(blocks, block);
        vote(Statement.notarize(0, block.view(), block.digest()));
        vote(Statement.nullify(0, block.view()));
        vote(Statement.finalize(0, block.view(), block.digest()));
        lead(block.view() + 1);
      }
      case Message.CastVote(Vote vote) -> {
        if (world.chance(0.5)) {
          vote(vote.statement());
        }
        lead(vote.view());
        lead(vote.view() + 1);
      }
      case Message.ShowCertificate(var certificate) -> {
        remember(certificates, message);
        lead(certificate.view() + 1);
        if (world.chance(0.3)) {
          Message stale = certificates.get(world.between(0, certificates.size() - 1));
          some(stale);
        }
      }
      case Message.GetBlock(Bytes32 digest) -> {
        for (Block block : blocks) {
          if (block.digest().equals(digest) && world.chance(0.5)) {
            simulation.network().send(index, from, 0, new Message.FoundBlock(block));
          }
        }
      }
      case Message.GetCertificate g -> {}
      case Message.FoundBlock f -> {}
      case Message.Status s -> {}
    }
  }

  private void lead(long view) {
    Committee committee = simulation.committee();
    if (committee.leader(view) != index || blocks.isEmpty() || !led.add(view)) {
      return;
    }
    for (int twin = 0; twin < 2; twin++) {
      Block parent = blocks.get(world.between(0, blocks.size() - 1));
      if (parent.view() < view) {
        Block block = block(committee, view, parent.point(), parent.header().stateRoot());
        remember(blocks, block);
        some(new Message.Propose(block, sign(Statement.notarize(0, view, block.digest()))));
      }
    }
  }

  private Block block(Committee committee, long view, ChainPoint parent, Bytes32 state) {
    Bytes32 name = Hash.sha256(Bytes.ofUnsignedLong(world.random().nextLong()));
    List<BatchRef> batches = List.of(new BatchRef(name, 1, 1));
    Bytes32 bodyRoot = Block.bodyRoot(batches);
    Bytes32 after = world.chance(0.1) ? name : HonestValidator.after(state, bodyRoot);
    long time = Math.max(parent.timeMillis() + 1, Simulation.EPOCH_MILLIS + world.now());
    return new Block(
        Header.of(committee, view, parent, time, bodyRoot, 1, 1, after, Bytes32.ZERO), batches);
  }

  private void vote(Statement statement) {
    some(new Message.CastVote(sign(statement)));
  }

  private void some(Message message) {
    for (int to = 0; to < simulation.committee().size(); to++) {
      if (world.chance(0.6)) {
        simulation.network().send(index, to, 0, message);
      }
    }
  }

  private Vote sign(Statement statement) {
    Committee committee = simulation.committee();
    Bytes key = committee.keys().get(index);
    return new Vote(statement, index, MacScheme.sign(key, committee.signingHash(statement)));
  }

  private static <T> void remember(List<T> list, T item) {
    list.add(item);
    if (list.size() > REMEMBERED) {
      list.removeFirst();
    }
  }
}
