package dev.kith.ledger.proof;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.block.BatchRef;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.history.History;
import dev.kith.ledger.history.HistoryPath;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.Signatures;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** A chain of final blocks of four validators, made without consensus. */
public final class TestChain {
  public final Genesis genesis = TestMembers.genesis(4, 4);

  /** Of the present epoch. */
  public Committee committee =
      new Committee(
          genesis.realmId(),
          0,
          genesis.validators().stream().map(LedgerKey::of).toList(),
          genesis.realmId(),
          Signatures::verifyHash);

  private final Map<String, Bytes32> nodes = new HashMap<>();
  private final List<FinalBlock> blocks = new ArrayList<>();
  private History history = History.EMPTY;
  private ChainPoint head = ChainPoint.genesis(genesis.realmId(), genesis.createdMillis());

  /** Signatures over a header's finalization by these validators of a committee. */
  public static Certificate finalization(Committee committee, Header header, int... signers) {
    Statement statement = Statement.finalize(header.epoch(), header.view(), header.digest());
    List<Vote> votes = new ArrayList<>();
    for (int signer : signers) {
      Secp256k1PrivateKey key =
          IntStream.range(0, 64)
              .mapToObj(TestMembers::device)
              .filter(device -> device.publicKey().raw().equals(committee.keys().get(signer)))
              .findFirst()
              .orElseThrow();
      Bytes32 hash = committee.signingHash(statement);
      votes.add(new Vote(statement, signer, Signatures.signHash(key, hash)));
    }
    return Certificate.of(statement, votes);
  }

  /** A block that might follow, with this state root. */
  public Block propose(long view, Bytes32 stateRoot, Batch... batches) {
    List<BatchRef> refs = List.of(batches).stream().map(BatchRef::of).toList();
    return new Block(
        Header.of(
            committee,
            view,
            head,
            head.timeMillis() + 1_000,
            Block.bodyRoot(refs),
            refs.stream().mapToInt(BatchRef::bytes).sum(),
            refs.stream().mapToInt(BatchRef::records).sum(),
            stateRoot,
            history.root()),
        refs);
  }

  /** Makes the next block final. */
  public FinalBlock add(Bytes32 stateRoot, Batch... batches) {
    return add(propose(head.view() + 1, stateRoot, batches), List.of(batches));
  }

  private FinalBlock add(Block block, List<Batch> batches) {
    Certificate certificate = finalization(committee, block.header(), 0, 1, 2);
    FinalBlock made = new FinalBlock(block, batches, new Finality(List.of(), certificate));
    history =
        history.with(block.digest(), (level, index, hash) -> nodes.put(level + "/" + index, hash));
    head = block.point();
    blocks.add(made);
    return made;
  }

  /** Ends the epoch with a block that hands over to these devices. */
  public FinalBlock end(int... devices) {
    List<Bytes> keys =
        IntStream.of(devices).mapToObj(i -> TestMembers.device(i).publicKey().raw()).toList();
    Header plain = propose(head.view() + 1, Bytes32.ZERO).header();
    Header header = plain.with(Header.END, Committee.hash(keys), 0);
    FinalBlock made = add(new Block(header, List.of()), List.of());
    committee =
        new Committee(
            genesis.realmId(),
            committee.epoch() + 1,
            keys,
            header.digest(),
            Signatures::verifyHash);
    head = head.boundary();
    return made;
  }

  /** What a light client needs for the epoch that began after a block. */
  public EpochLink link(long height) {
    return new EpochLink(at(height), committee.keys());
  }

  public Header header(long height) {
    return blocks.get((int) height - 1).block().header();
  }

  /** A header by its own certificate. */
  public FinalHeader at(long height) {
    FinalBlock block = blocks.get((int) height - 1);
    return new FinalHeader(
        block.block().header(), Optional.empty(), block.finality().finalization());
  }

  /** A header by that of a later one. */
  public FinalHeader at(long height, long later) throws IOException {
    HistoryPath path = HistoryPath.of(height, later - 1, this::node);
    return new FinalHeader(
        header(height),
        Optional.of(new FinalHeader.Descent(header(later), path)),
        at(later).finalization());
  }

  private Bytes32 node(int level, long index) throws IOException {
    Bytes32 hash = nodes.get(level + "/" + index);
    if (hash == null) {
      throw new IOException("no node " + level + "/" + index);
    }
    return hash;
  }
}
