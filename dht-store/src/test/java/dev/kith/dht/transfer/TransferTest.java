package dev.kith.dht.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.dht.blockstore.BlockStore;
import dev.kith.dht.blockstore.GroupWriter;
import dev.kith.dht.blockstore.MemoryBlockStore;
import dev.kith.dht.blockstore.StoredChunk;
import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.dht.chunk.ChunkBuffers;
import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.DamagedChunkException;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.MerkleTree;
import dev.kith.dht.chunk.SealedChunk;
import dev.kith.dht.chunk.TestData;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.memory.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransferTest {
  private static final String STORE = "/kith/0011223344556677/store/1";
  private static final String FETCH = "/kith/0011223344556677/fetch/1";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final GroupId GROUP = new GroupId(Bytes32.repeat((byte) 9));

  private final MemoryNetwork network = new MemoryNetwork();
  private final Host putter = network.host(Keys.secp256k1FromSeed(1));
  private final Host holder = network.host(Keys.secp256k1FromSeed(2));
  private final ChunkBuffers buffers = new ChunkBuffers(16 << 20);
  private final BlockStore store = new MemoryBlockStore(64 << 20, InstantSource.system());
  private final BlockingQueue<StoredGroup> committed = new LinkedBlockingQueue<>();
  private final BlockingQueue<ChunkId> reported = new LinkedBlockingQueue<>();

  @BeforeEach
  void serve() {
    putter.addressBook().add(holder.id(), holder.listenAddresses(), TIMEOUT);
    holder.serve(STORE, new GroupReceiver(store, TransferTest::receipt, buffers, committed::add));
    holder.serve(FETCH, new FetchServer(store::open, reported::add));
  }

  @AfterEach
  void close() {
    network.close();
  }

  private static Bytes receipt(StoredGroup group) {
    return Bytes.concatenate(group.group().hash(), group.root());
  }

  private GroupUpload upload(long expected) throws IOException, InterruptedException {
    return GroupUpload.open(putter, holder.id(), STORE, GROUP, expected, TIMEOUT);
  }

  private static List<SealedChunk> chunks() {
    List<SealedChunk> chunks = new ArrayList<>();
    for (int length :
        new int[] {17, 100_000, Frames.CHUNK_SEALED_BYTES_MAX, 1_000_000, 65_552, 3_000_000}) {
      chunks.add(SealedChunk.of(TestData.random(length, length), length));
    }
    return chunks;
  }

  private static Bytes32 root(List<SealedChunk> chunks) {
    return MerkleTree.rootOver(chunks.stream().map(c -> c.id().hash()).toList());
  }

  private static long bytes(List<SealedChunk> chunks) {
    return chunks.stream().mapToLong(SealedChunk::length).sum();
  }

  private void put(List<SealedChunk> chunks) throws IOException, InterruptedException {
    try (GroupUpload upload = upload(1 << 20)) {
      for (SealedChunk chunk : chunks) {
        upload.send(chunk);
      }
      upload.commit(root(chunks), bytes(chunks), chunks.size());
    }
  }

  @Test
  void commit_returnsTheReceiptOfADurableGroup() throws Exception {
    List<SealedChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      chunks.addAll(chunks());
    }
    try (GroupUpload upload = upload(bytes(chunks))) {
      for (SealedChunk chunk : chunks) {
        upload.send(chunk);
        upload.keepAlive();
      }
      Bytes receipt = upload.commit(root(chunks), bytes(chunks), chunks.size());
      StoredGroup stored = store.group(GROUP).orElseThrow();
      assertThat(receipt).isEqualTo(receipt(stored));
      assertThat(stored.root()).isEqualTo(root(chunks));
      assertThat(stored.bytes()).isEqualTo(bytes(chunks));
      assertThat(committed.poll(10, TimeUnit.SECONDS)).isEqualTo(stored);
      assertThat(upload.acked()).isPositive();
    }
  }

  @Test
  void open_ofAGroupThatIsThereGivesTheReceiptAgain() throws Exception {
    put(chunks());
    try (GroupUpload again = upload(1)) {
      assertThat(again.present()).isTrue();
      again.send(chunks().getFirst());
      assertThat(again.commit(root(chunks()), bytes(chunks()), chunks().size()))
          .isEqualTo(receipt(store.group(GROUP).orElseThrow()));
    }
    try (GroupUpload other = upload(1)) {
      assertThatThrownBy(() -> other.commit(Bytes32.ZERO, 0, 0))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.MISMATCH));
    }
  }

  @Test
  void open_isRefusedWhereThereIsNoRoom() {
    assertThatThrownBy(() -> upload(65 << 20))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.QUOTA));
  }

  @Test
  void send_failsWhenTheHolderRunsFull() throws Exception {
    SealedChunk large = chunks().get(2);
    try (GroupUpload upload = upload(0)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  upload.send(large);
                }
                upload.commit(Bytes32.ZERO, 0, 0);
              })
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.QUOTA));
    }
    assertThat(store.group(GROUP)).isEmpty();
    assertThat(store.usage().reserved()).isZero();
  }

  @Test
  void open_isRefusedWhileAnotherStreamWritesTheGroup() throws Exception {
    try (GroupUpload first = upload(1)) {
      assertThatThrownBy(() -> upload(1))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.BUSY));
      assertThat(first.present()).isFalse();
    }
    // The holder lets go of the group when it notices.
    Awaitility.await().until(() -> store.usage().reserved() == 0);
    put(chunks());
  }

  @Test
  void commit_isRefusedWhenItIsNotWhatArrived() throws Exception {
    try (GroupUpload upload = upload(1)) {
      upload.send(chunks().getFirst());
      assertThatThrownBy(() -> upload.commit(root(chunks()), bytes(chunks()), 6))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.MISMATCH));
    }
    assertThat(store.group(GROUP)).isEmpty();
  }

  @Test
  void receive_refusesAChunkWithOtherBytes() throws Exception {
    try (Stream stream = putter.open(holder.id(), TIMEOUT, STORE)) {
      stream.timeout(TIMEOUT);
      MessageStream messages = new MessageStream(stream);
      messages.write(new StoreMessage.Open(GROUP, 1).encode());
      StoreMessage.decode(messages.read().orElseThrow());
      byte[] data = TestData.random(1, 1000);
      ChunkId lie = new ChunkId(Bytes32.ZERO);
      messages.write(new StoreMessage.Chunk(lie, data.length).encode(), data, data.length);
      assertThat(StoreMessage.decode(messages.read().orElseThrow()))
          .isInstanceOfSatisfying(
              StoreMessage.Refused.class,
              r -> assertThat(r.refusal()).isEqualTo(Refusal.BAD_CHUNK));
    }
    assertThat(store.group(GROUP)).isEmpty();
  }

  @Test
  void receive_resetsAPutterThatBreaksTheProtocol() throws Exception {
    byte[] open = new StoreMessage.Open(GROUP, 1).encode();
    List<List<byte[]>> attacks =
        List.of(
            List.of(new StoreMessage.KeepAlive().encode()),
            List.of(open, open),
            List.of(open, new StoreMessage.Accepted(1).encode()),
            List.of(HexFormat.of().parseHex("ffff")),
            List.of(HexFormat.of().parseHex("0000")),
            List.of(open, HexFormat.of().parseHex("0001ff")));
    for (List<byte[]> attack : attacks) {
      try (Stream stream = putter.open(holder.id(), TIMEOUT, STORE)) {
        stream.timeout(TIMEOUT);
        assertThatThrownBy(
                () -> {
                  for (byte[] message : attack) {
                    stream.output().write(message);
                  }
                  stream.input().transferTo(java.io.OutputStream.nullOutputStream());
                })
            .isInstanceOf(IOException.class);
      }
      Awaitility.await().until(() -> store.usage().reserved() == 0);
      assertThat(store.group(GROUP)).isEmpty();
    }
  }

  @Test
  void upload_failsWhenTheHolderDies() throws Exception {
    try (GroupUpload upload = upload(1)) {
      upload.send(chunks().getFirst());
      network.stop(holder.id());
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  upload.send(chunks().get(3));
                }
              })
          .isInstanceOf(IOException.class);
    }
    Awaitility.await().until(() -> store.usage().reserved() == 0);
  }

  @Test
  void upload_refusesAHolderThatBreaksTheProtocol() throws Exception {
    List<byte[]> answers =
        List.of(
            new StoreMessage.Committed(Bytes.repeat((byte) 1, 64)).encode(),
            new StoreMessage.Accepted(100).encode(),
            new StoreMessage.KeepAlive().encode(),
            new StoreMessage.Acked(0, 1).encode(),
            HexFormat.of().parseHex("000199"));
    for (byte[] answer : answers) {
      holder.serve(
          STORE,
          stream -> {
            stream.output().write(answer);
            stream.input().transferTo(java.io.OutputStream.nullOutputStream());
          });
      assertThatThrownBy(() -> upload(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void fetch_pipelinesManyRequests() throws Exception {
    List<SealedChunk> chunks = chunks();
    put(chunks);
    try (FetchConnection connection = connect();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> fetches = new ArrayList<>();
      for (int i = 0; i < 90; i++) {
        SealedChunk chunk = chunks.get(i % chunks.size());
        fetches.add(
            threads.submit(
                () -> {
                  byte[] data = connection.fetch(chunk.id(), chunk.length(), TIMEOUT);
                  assertThat(
                          Arrays.equals(data, 0, chunk.length(), chunk.data(), 0, chunk.length()))
                      .isTrue();
                  buffers.give(data);
                  return true;
                }));
      }
      for (Future<?> fetch : fetches) {
        fetch.get();
      }
    }
  }

  @Test
  void fetchFrames_readsAnyRangeWithItsProof() throws Exception {
    SealedChunk chunk = SealedChunk.of(TestData.random(1, 300_000), 300_000);
    put(List.of(chunk));
    try (FetchConnection connection = connect()) {
      for (int first = 0; first < 5; first++) {
        for (int count = 1; count <= 5 - first; count++) {
          byte[] data = connection.fetchFrames(chunk.id(), chunk.length(), first, count, TIMEOUT);
          int from = first * Frames.SEALED_BYTES;
          int to = Math.min(chunk.length(), (first + count) * Frames.SEALED_BYTES);
          assertThat(Arrays.equals(data, 0, to - from, chunk.data(), from, to)).isTrue();
        }
      }
    }
  }

  @Test
  void fetch_saysWhatTheHolderLacks() throws Exception {
    put(chunks());
    try (FetchConnection connection = connect()) {
      ChunkId unknown = new ChunkId(Bytes32.ZERO);
      assertThatThrownBy(() -> connection.fetch(unknown, 1000, TIMEOUT))
          .isInstanceOf(MissingChunkException.class);
      SealedChunk chunk = chunks().get(1);
      buffers.give(connection.fetch(chunk.id(), chunk.length(), TIMEOUT));
    }
  }

  @Test
  void fetch_noticesAlteredBytesAndReportsThem() throws Exception {
    SealedChunk chunk = SealedChunk.of(TestData.random(1, 300_000), 300_000);
    holder.serve(FETCH, new FetchServer(id -> Optional.of(new Altered(chunk)), reported::add));
    try (FetchConnection connection = connect()) {
      assertThatThrownBy(() -> connection.fetch(chunk.id(), chunk.length(), TIMEOUT))
          .isInstanceOf(DamagedChunkException.class);
      assertThat(reported.poll(10, TimeUnit.SECONDS)).isEqualTo(chunk.id());
      assertThatThrownBy(() -> connection.fetchFrames(chunk.id(), chunk.length(), 2, 2, TIMEOUT))
          .isInstanceOf(DamagedChunkException.class);
      assertThat(connection.usable()).isTrue();
    }
  }

  @Test
  void fetch_endsWhenTheHolderAnswersSomethingElse() throws Exception {
    for (byte[] answer :
        List.of(
            new FetchMessage.ChunkData(0, 999).encode(),
            new FetchMessage.ChunkData(1, 1000).encode(),
            new FetchMessage.FramesData(0, 1000, 1000, List.of()).encode(),
            new FetchMessage.GetChunk(0, new ChunkId(Bytes32.ZERO)).encode(),
            new byte[] {0})) {
      holder.serve(
          FETCH,
          stream -> {
            stream.input().read();
            stream.output().write(answer);
          });
      try (FetchConnection connection = connect()) {
        assertThatThrownBy(() -> connection.fetch(new ChunkId(Bytes32.ZERO), 1000, TIMEOUT))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void fetch_givesUpOnASilentHolderAndOnItsOwnRequestOnly() throws Exception {
    SealedChunk chunk = SealedChunk.of(TestData.random(1, 1000), 1000);
    CountDownLatch go = new CountDownLatch(1);
    try (GroupWriter writer = store.begin(GROUP, 1000)) {
      writer.append(chunk);
      writer.commit();
    }
    FetchServer honest = new FetchServer(store::open, reported::add);
    holder.serve(
        FETCH,
        stream -> {
          go.await();
          honest.handle(stream);
        });
    try (FetchConnection connection = connect()) {
      assertThatThrownBy(() -> connection.fetch(chunk.id(), chunk.length(), Duration.ofMillis(20)))
          .isInstanceOf(java.net.SocketTimeoutException.class);
      go.countDown();
      buffers.give(connection.fetch(chunk.id(), chunk.length(), TIMEOUT));
    }
  }

  private FetchConnection connect() throws IOException, InterruptedException {
    return FetchConnection.open(putter, holder.id(), FETCH, buffers, TIMEOUT);
  }

  /** A holder's chunk with one bit flipped in each frame. */
  private record Altered(SealedChunk chunk) implements StoredChunk {
    @Override
    public ChunkId id() {
      return chunk.id();
    }

    @Override
    public int length() {
      return chunk.length();
    }

    @Override
    public void read(int position, byte[] target, int offset, int length) {
      System.arraycopy(chunk.data(), position, target, offset, length);
      for (int i = 0; i < length; i += 10_000) {
        target[offset + i] ^= 1;
      }
    }

    @Override
    public byte[] leaves() {
      return chunk.leaves();
    }

    @Override
    public void close() {}
  }
}
