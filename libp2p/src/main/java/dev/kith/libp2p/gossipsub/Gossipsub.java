package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.gossipsub.router.Decision;
import dev.kith.libp2p.gossipsub.router.RouterMachine;
import dev.kith.libp2p.gossipsub.router.Verdict;
import dev.kith.libp2p.gossipsub.router.Version;
import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.gossipsub.wire.RpcPart;
import dev.kith.libp2p.gossipsub.wire.Topics;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostListener;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.identity.PeerId;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
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

  private final InboundStreams inbound;
  private final Map<String, List<Subscription>> subscriptions = new ConcurrentHashMap<>();
  private final MessageChecks checks;
  private final AtomicLong slowDrops = new AtomicLong();
  private final LongAdder bytesSent = new LongAdder();

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
    this.inbound = new InboundStreams(config, loop, new Inbound());
    this.checks = new MessageChecks(config.security(), config.validatorsMax());
  }

  /** Starts gossipsub on a host that serves it by nobody else. */
  public static Gossipsub start(Host host, GossipsubConfig config) {
    Gossipsub gossipsub = new Gossipsub(host, config);
    gossipsub.loop.start();
    for (Version version : Version.values()) {
      host.serve(version.protocol(), gossipsub.inbound::serve);
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
    checks.validator(Topics.check(topic), validator);
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
    return new GossipsubStats(loop.call(router::stats), slowDrops.get(), bytesSent.sum());
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
    public void wrote(int bytes) {
      bytesSent.add(bytes);
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

  private final class Inbound implements InboundStreams.Owner {
    @Override
    public PeerLink link(Connection connection) {
      return Gossipsub.this.link(connection);
    }

    @Override
    public boolean knows(PeerLink link) {
      return known.get(link.peer) == link;
    }

    @Override
    public void received(PeerId peer, InboundStreams.Rpc rpc) {
      act(router.control(now(), peer, rpc.subscribing()));
      for (InboundStreams.Named named : rpc.messages()) {
        act(router.message(now(), peer, named.message(), named.id()));
      }
      act(router.control(now(), peer, rpc.control()));
    }

    @Override
    public void brokeProtocol(PeerId peer) {
      post(() -> act(router.brokeProtocol(now(), peer)));
    }

    @Override
    public void execute(Runnable task) {
      Gossipsub.this.execute(task);
    }
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
        case Decision.Dial(PeerId direct) -> execute(() -> dials.dial(direct));
        case Decision.DialOffered offered -> execute(() -> dials.dial(offered));
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
    boolean valid = checks.signed(message);
    post(() -> act(router.verified(now(), message, valid)));
  }

  private void validate(Message message) {
    if (!checks.validates(message.topic())) {
      act(router.validated(now(), message.id(), message.content(), Verdict.ACCEPT));
      return;
    }
    execute(
        () -> {
          Verdict verdict = checks.verdict(message);
          post(() -> act(router.validated(now(), message.id(), message.content(), verdict)));
        });
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
    inbound.close();
    threads.shutdownNow();
    subscriptions.values().forEach(list -> list.forEach(Subscription::close));
  }
}
