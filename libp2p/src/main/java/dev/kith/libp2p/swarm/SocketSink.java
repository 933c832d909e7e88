package dev.kith.libp2p.swarm;

import dev.kith.libp2p.transport.LoopLock;
import dev.kith.libp2p.transport.SendMemory;
import dev.kith.libp2p.yamux.FrameHeader;
import dev.kith.libp2p.yamux.FrameSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends frames, each sealed by the thread that sends it. They have to leave in the order in which
 * they were sealed, so one lock covers both. Thread-safe.
 */
final class SocketSink implements FrameSink {
  /** A frame without payload costs more than its bytes. */
  private static final int FRAME_COST = 512;

  /**
   * Frames without payload do not wait for room. A remote that provokes ever more of them and does
   * not read is cut off once this much beyond the writers' bound is waiting.
   */
  private static final int CONTROL_BYTES_MAX = 4 << 20;

  private static final int CLOSE_MILLIS_MAX = 1_000;

  private final Channel channel;
  private final SecureChannel.Sealer sealer;
  private final SendMemory memory;
  private final int pendingMax;
  private final AtomicLong pending = new AtomicLong();

  /** In the order of sealing. */
  private final Queue<Sealed> queue = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean draining = new AtomicBoolean();

  private final ReentrantLock sealing = new LoopLock();

  private final ReentrantLock lock = new LoopLock();
  private final Condition room = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean closed;

  private record Sealed(ByteBuf bytes, long cost) {}

  SocketSink(Channel channel, SecureChannel.Sealer sealer, SendMemory memory, int pendingMax) {
    this.channel = channel;
    this.sealer = sealer;
    this.memory = memory;
    this.pendingMax = pendingMax;
  }

  @Override
  public void awaitRoom(long timeoutNanos) throws IOException, InterruptedException {
    if (hasRoom()) {
      return;
    }
    lock.lockInterruptibly();
    try {
      waiting.incrementAndGet();
      long left = timeoutNanos;
      while (!hasRoom()) {
        if (timeoutNanos == 0) {
          room.await();
        } else if (left <= 0) {
          throw new SocketTimeoutException("the peer reads nothing");
        } else {
          left = room.awaitNanos(left);
        }
      }
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }

  private boolean hasRoom() {
    return closed || pending.get() < memory.connectionMax();
  }

  @Override
  public void send(FrameHeader header, byte[] payload, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("the connection is closed");
    }
    byte[] head = header.encode();
    int sealed = sealer.sealedBytes(head.length + length);
    long cost = Math.max(FRAME_COST, sealed);
    if (pending.addAndGet(cost) > pendingMax + CONTROL_BYTES_MAX) {
      ended();
      closeNow();
    }
    memory.add(cost);
    ByteBuf out = channel.alloc().directBuffer(sealed);
    sealing.lock();
    try {
      sealer.seal(head, payload, offset, length, out);
      queue.add(new Sealed(out, cost));
    } finally {
      sealing.unlock();
    }
    drainSoon();
  }

  /**
   * Netty writes at once what its own loop sends, and later what other threads do: everything goes
   * through one queue, which also lets frames of several writers share a system call.
   */
  private void drainSoon() throws IOException {
    if (!draining.compareAndSet(false, true)) {
      return;
    }
    try {
      channel.eventLoop().execute(this::drain);
    } catch (RejectedExecutionException e) {
      for (Sealed rest = queue.poll(); rest != null; rest = queue.poll()) {
        rest.bytes().release();
        sent(rest.cost());
      }
      throw new IOException("the host is closed", e);
    }
  }

  private void drain() {
    draining.set(false);
    for (Sealed next = queue.poll(); next != null; next = queue.poll()) {
      long cost = next.cost();
      channel
          .write(next.bytes())
          .addListener(
              done -> {
                sent(cost);
                if (!done.isSuccess()) {
                  closeNow(); // a frame that is missing cannot be made good
                }
              });
    }
    channel.flush();
  }

  /** On the event loop. */
  private void sent(long cost) {
    memory.add(-cost);
    long left = pending.addAndGet(-cost);
    // Waking writers for each frame would cost a switch each: half of the bound is let drain.
    if (waiting.get() > 0 && left <= memory.connectionMax() / 2) {
      signal();
    }
  }

  private void signal() {
    lock.lock();
    try {
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The socket is gone: nobody waits any more. */
  void ended() {
    closed = true;
    signal();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    ended();
    try {
      channel.eventLoop().execute(this::closeAfterTheRest);
    } catch (RejectedExecutionException e) {
      closeNow();
    }
  }

  private void closeAfterTheRest() {
    drain();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    // A remote that does not read would keep the socket open for ever.
    var _ = channel.eventLoop().schedule(this::closeNow, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
  }

  private void closeNow() {
    var _ = channel.close();
  }
}
