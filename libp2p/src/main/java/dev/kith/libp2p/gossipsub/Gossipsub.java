package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.gossipsub.router.Decision;
import dev.kith.libp2p.gossipsub.router.RouterMachine;
import dev.kith.libp2p.gossipsub.router.Verdict;
import dev.kith.libp2p.gossipsub.router.Version;
import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.gossipsub.wire.RpcCodec;
import dev.kith.libp2p.gossipsub.wire.RpcPart;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Publish;
import dev.kith.libp2p.gossipsub.wire.Topics;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostListener;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gossipsub on a host: topics, to which any peer publishes, and whose messages all subscribers get.
 * Thread-safe; methods that block say so and are meant for virtual threads.
 *
 * <p>It speaks with every peer that the host is connected to and that speaks gossipsub; finding
 * peers is somebody else's task. Threads: the router is owned by one loop; each peer has one that
 * writes and the stream's own that reads; signatures and validators run on threads of their own.
 */
public final class Gossipsub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gossipsub.class);
  private static final Duration KNOWN_TIMEOUT = Duration.ofSeconds(15);

  /** RPCs of one peer that wait for the loop. */
  private static final int RPCS_AT_ONCE = 2;

  private final Host host;
  private final GossipsubConfig config;
  private final RouterMachine router;
  private final EventLoop loop;
  private final Dials dials;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kith-gossipsub-", 0).factory());
  private final Map<PeerId, PeerLink> links = new ConcurrentHashMap<>();

  /** Those that the router knows of. Owned by the loop. */
  private final Map<PeerId, PeerLink> known = new HashMap<>();

  private final Map<PeerId, Stream> inbound = new ConcurrentHashMap<>();
  private final Map<String, List<Subscription>> subscriptions = new ConcurrentHashMap<>();
  private final Map<String, Validator> validators = new ConcurrentHashMap<>();
  private final Semaphore longFrames = new Semaphore(FrameReader.LONG_FRAMES_MAX);
  private final Semaphore validating;
  private final AtomicLong slowDrops = new AtomicLong();

  /** Starts with the clock, so that messages after a restart are new ones, as others do it. */
  private final AtomicLong sequence = new AtomicLong(System.currentTimeMillis() * 1_000_000);

  private Gossipsub(Host host, GossipsubConfig config) {
    this.host = host;
    this.config = config;
    this.router =
        new RouterMachine(
            host.id(),
            config.router(),
            new SplittableRandom(new SecureRandom().nextLong()),
            config.signedRecords());
    this.loop =
        new EventLoop(() -> act(router.heartbeat(now())), config.router().mesh().heartbeat());
    this.dials = new Dials(host, threads);
    this.validating = new Semaphore(config.validatorsMax());
  }

  /** Starts gossipsub on a host that serves it by nobody else. */
  public static Gossipsub start(Host host, GossipsubConfig config) {
    Gossipsub gossipsub = new Gossipsub(host, config);
    gossipsub.loop.start();
    for (Version version : Version.values()) {
      host.serve(version.protocol(), gossipsub::serve);
    }
    host.listener(gossipsub.new Peers());
    host.connections().forEach(gossipsub::link);
    return gossipsub;
  }

  private final class Peers implements HostListener {
    @Override
    public void identified(PeerId peer, PeerInfo info) {
      if (Arrays.stream(Version.values()).anyMatch(v -> info.protocols().contains(v.protocol()))) {
        linkAnew(peer);
      }
    }

    @Override
    public void disconnected(PeerId peer) {
      PeerLink link = links.get(peer);
      if (link != null && !host.connectedTo(peer)) {
        link.close();
      }
    }
  }

  private static long now() {
    return System.nanoTime();
  }

  /**
   * Subscribes to a topic, and joins it where that is the first subscription. Blocks shortly.
   *
   * @throws IllegalArgumentException when the topic is empty or too long, or too many are joined
   */
  public Subscription subscribe(String topic) throws InterruptedException {
    Topics.check(topic);
    Subscription subscription =
        new Subscription(topic, config.subscriptionBacklogMax(), this::unsubscribe);
    loop.call(
        () -> {
          act(router.join(now(), topic));
          subscriptions.computeIfAbsent(topic, t -> new CopyOnWriteArrayList<>()).add(subscription);
          return subscription;
        });
    return subscription;
  }

  /** As {@link #subscribe(String)}, with a handler that takes the messages. */
  public Subscription subscribe(String topic, MessageHandler handler) throws InterruptedException {
    Subscription subscription = subscribe(topic);
    threads.execute(() -> handle(subscription, handler));
    return subscription;
  }

  private static void handle(Subscription subscription, MessageHandler handler) {
    try {
      while (true) {
        Optional<Message> message = subscription.next();
        if (message.isEmpty()) {
          return;
        }
        try {
          handler.handle(message.get());
        } catch (RuntimeException e) {
          LOG.error("the handler of {} failed", subscription.topic(), e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void unsubscribe(Subscription subscription) {
    post(
        () -> {
          String topic = subscription.topic();
          List<Subscription> left = subscriptions.getOrDefault(topic, new ArrayList<>());
          if (left.remove(subscription) && left.isEmpty()) {
            subscriptions.remove(topic);
            act(router.leave(now(), topic));
          }
        });
  }

  /** Validates the messages of a topic that others send from now on; in place of any before. */
  public void validator(String topic, Validator validator) {
    validators.put(Topics.check(topic), validator);
  }

  /**
   * Publishes a message; the topic need not be joined. Blocks until it waits to be sent, not until
   * anybody has it.
   *
   * @return its id
   * @throws IllegalArgumentException when it is too long
   */
  public MessageId publish(String topic, byte[] data) throws InterruptedException {
    PubsubMessage message =
        config.security().seal(host.key(), sequence.incrementAndGet(), topic, data);
    if (message.frame().length > config.messageBytesMax()) {
      throw new IllegalArgumentException("data: " + data.length + " bytes");
    }
    MessageId id;
    try {
      id = config.messageId().id(message);
    } catch (ProtocolViolationException e) {
      throw new IllegalArgumentException("messageId: has no name for own messages", e);
    }
    return loop.call(
        () -> {
          boolean news = !router.seen(id);
          act(router.publish(now(), id, message));
          if (news && config.deliverOwn()) {
            deliver(new Message(id, message, host.id()));
          }
          return id;
        });
  }

  /**
   * Waits until what was published before is handed to the connections that carry it: for those who
   * publish and leave. Blocks.
   *
   * @return false where some peer took none of it in time, or is gone
   */
  public boolean flush(Duration timeout) throws InterruptedException {
    long deadline = now() + timeout.toNanos();
    boolean all = true;
    for (PeerLink link : loop.call(() -> List.copyOf(known.values()))) {
      all &= link.outbox().awaitWritten(deadline - now());
    }
    return all;
  }

  /** The peers of this one's mesh of a topic. Blocks shortly. */
  public Set<PeerId> mesh(String topic) throws InterruptedException {
    return loop.call(() -> router.mesh(topic));
  }

  /** The connected peers that subscribed to a topic. Blocks shortly. */
  public Set<PeerId> subscribers(String topic) throws InterruptedException {
    return loop.call(() -> router.subscribers(topic));
  }

  /** What this one thinks of a connected peer; 0 for others. Blocks shortly. */
  public double score(PeerId peer) throws InterruptedException {
    return loop.call(() -> router.score(peer));
  }

  /** Blocks shortly. */
  public GossipsubStats stats() throws InterruptedException {
    return new GossipsubStats(loop.call(router::stats), slowDrops.get());
  }

  /** Makes sure that there is a way to the peer of a connection, or is soon. */
  private PeerLink link(Connection connection) {
    return links.compute(
        connection.remotePeer(),
        (peer, current) -> {
          if (current != null && !current.closed()) {
            return current;
          }
          PeerLink link = new PeerLink(connection, new Links());
          try {
            threads.execute(() -> run(link));
          } catch (RejectedExecutionException e) {
            link.close();
          }
          return link;
        });
  }

  private void run(PeerLink link) {
    link.run();
    links.remove(link.peer, link);
    if (link.wasUp() && !loop.closed()) {
      linkAnew(link.peer); // there may be another connection
    }
  }

  private void linkAnew(PeerId peer) {
    Connection connection = PeerLink.firstOpen(host.connections(), peer);
    if (connection != null) {
      link(connection);
    }
  }

  private final class Links implements PeerLink.Listener {
    @Override
    public void up(PeerLink link, Version version, Connection connection)
        throws InterruptedException {
      boolean outbound = connection.outbound();
      Optional<String> ip = PeerLink.ip(connection);
      loop.post(
          () -> {
            known.put(link.peer, link);
            act(router.connected(now(), link.peer, version, outbound, ip));
          });
    }

    @Override
    public void reopened(PeerLink link) throws InterruptedException {
      loop.post(
          () -> {
            if (known.get(link.peer) == link) {
              act(router.reopened(now(), link.peer));
            }
          });
    }

    @Override
    public void down(PeerLink link) {
      post(
          () -> {
            // A new link may have taken its place already.
            if (known.remove(link.peer, link)) {
              act(router.disconnected(now(), link.peer));
            }
          });
    }
  }

  /** Reads what a peer sends; of several streams of a peer the last one counts. */
  private void serve(Stream stream) throws IOException, InterruptedException {
    PeerId peer = stream.remotePeer();
    Stream before = inbound.put(peer, stream);
    if (before != null) {
      before.reset();
    }
    try {
      PeerLink link = link(stream.connection());
      if (!link.awaitKnown(KNOWN_TIMEOUT)) {
        throw new IOException("no stream to " + peer);
      }
      read(stream, link);
    } catch (ProtocolViolationException e) {
      post(() -> act(router.brokeProtocol(now(), peer)));
      throw e;
    } finally {
      inbound.remove(peer, stream);
    }
  }

  /**
   * Until the stream ends, or the router forgot the peer since it began: what the peer said at its
   * beginning, its topics, is gone then, and is said again on a new stream.
   */
  private void read(Stream stream, PeerLink link) throws IOException, InterruptedException {
    PeerId peer = stream.remotePeer();
    FrameReader reader = new FrameReader(stream, config.messageBytesMax(), longFrames);
    Semaphore waiting = new Semaphore(RPCS_AT_ONCE);
    while (!loop.closed()) {
      FrameReader.Frame frame = reader.next();
      if (frame == null) {
        return;
      }
      boolean posted = false;
      try {
        Runnable event = event(peer, RpcCodec.decode(frame.bytes()));
        waiting.acquire();
        loop.post(
            () -> {
              try {
                if (known.get(peer) == link) {
                  event.run();
                } else {
                  execute(stream::reset);
                }
              } finally {
                waiting.release();
                frame.close();
              }
            });
        posted = true;
      } finally {
        if (!posted) {
          frame.close();
        }
      }
    }
  }

  private record Named(MessageId id, PubsubMessage message) {}

  /** Names the messages here, as a name may be a hash, and lets the loop do the rest. */
  private Runnable event(PeerId peer, List<RpcPart> parts) throws ProtocolViolationException {
    List<Named> messages = new ArrayList<>();
    List<RpcPart> subscribing = new ArrayList<>();
    List<RpcPart> control = new ArrayList<>();
    for (RpcPart part : parts) {
      switch (part) {
        case Publish(PubsubMessage message) ->
            messages.add(new Named(config.messageId().id(message), message));
        case RpcPart.Subscribe _, RpcPart.Unsubscribe _ -> subscribing.add(part);
        case RpcPart.Graft _,
            RpcPart.Prune _,
            RpcPart.IHave _,
            RpcPart.IWant _,
            RpcPart.IDontWant _ ->
            control.add(part);
      }
    }
    return () -> {
      act(router.control(now(), peer, subscribing));
      for (Named named : messages) {
        act(router.message(now(), peer, named.message(), named.id()));
      }
      act(router.control(now(), peer, control));
    };
  }

  /** On the loop. */
  private void act(List<Decision> decisions) {
    for (Decision decision : decisions) {
      switch (decision) {
        case Decision.Send(PeerId peer, RpcPart part) -> sent(peer, box -> box.add(part));
        case Decision.Forward(PeerId peer, MessageId id, PubsubMessage message) ->
            sent(peer, box -> box.add(id, message));
        case Decision.Answer(PeerId peer, MessageId id, PubsubMessage message) ->
            sent(peer, box -> box.answer(id, message));
        case Decision.Withdraw(PeerId peer, MessageId id) ->
            sent(
                peer,
                box -> {
                  box.withdraw(id);
                  return true;
                });
        case Decision.Verify(PubsubMessage message) -> execute(() -> verify(message));
        case Decision.Validate(MessageId id, PubsubMessage message, PeerId source) ->
            validate(new Message(id, message, source));
        case Decision.Deliver(MessageId id, PubsubMessage message, PeerId source) ->
            deliver(new Message(id, message, source));
        case Decision.Dial dial -> execute(() -> dials.dial(dial.peer(), dial.signedRecord()));
      }
    }
  }

  private void sent(PeerId peer, java.util.function.Predicate<Outbox> add) {
    PeerLink link = known.get(peer);
    if (link != null && !add.test(link.outbox())) {
      slowDrops.incrementAndGet();
    }
  }

  private void deliver(Message message) {
    subscriptions
        .getOrDefault(message.topic(), List.of())
        .forEach(subscription -> subscription.deliver(message));
  }

  private void verify(PubsubMessage message) {
    boolean valid = true;
    try {
      config.security().check(message);
    } catch (ProtocolViolationException e) {
      LOG.debug("an invalid message: {}", e.getMessage());
      valid = false;
    }
    boolean result = valid;
    post(() -> act(router.verified(now(), message, result)));
  }

  private void validate(Message message) {
    Validator validator = validators.get(message.topic());
    if (validator == null) {
      act(router.validated(now(), message.id(), message.content(), Verdict.ACCEPT));
      return;
    }
    execute(
        () -> {
          Verdict verdict = ask(validator, message);
          post(() -> act(router.validated(now(), message.id(), message.content(), verdict)));
        });
  }

  private Verdict ask(Validator validator, Message message) {
    try {
      validating.acquire();
      try {
        return validator.validate(message);
      } finally {
        validating.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the validator of {} failed", message.topic(), e);
    }
    return Verdict.IGNORE;
  }

  private void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing: a task is not run");
    }
  }

  private void post(Runnable event) {
    try {
      loop.post(event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves all topics and ends the streams; the host stays open. Subscriptions end. */
  @Override
  public void close() {
    for (Version version : Version.values()) {
      host.stopServing(version.protocol());
    }
    loop.close();
    links.values().forEach(PeerLink::close);
    inbound.values().forEach(Stream::reset);
    threads.shutdownNow();
    subscriptions.values().forEach(list -> list.forEach(Subscription::close));
  }
}
