package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.gossipsub.router.Verdict;
import dev.kith.libp2p.gossipsub.wire.MessageSecurity;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What messages of others have to pass: their signature, then the validator of their topic. */
final class MessageChecks {
  private static final Logger LOG = LoggerFactory.getLogger(MessageChecks.class);

  private final MessageSecurity security;
  private final Map<String, Validator> validators = new ConcurrentHashMap<>();
  private final Semaphore validating;

  /**
   * @param validatorsMax validators that run at once
   */
  MessageChecks(MessageSecurity security, int validatorsMax) {
    this.security = security;
    this.validating = new Semaphore(validatorsMax);
  }

  void validator(String topic, Validator validator) {
    validators.put(topic, validator);
  }

  boolean validates(String topic) {
    return validators.containsKey(topic);
  }

  /** Whether it is signed as it should be. It costs a signature check. */
  boolean signed(PubsubMessage message) {
    try {
      security.check(message);
      return true;
    } catch (ProtocolViolationException e) {
      LOG.debug("an invalid message: {}", e.getMessage());
      return false;
    }
  }

  /** What the topic's validator says. Blocks while as many as may are at it. */
  Verdict verdict(Message message) {
    Validator validator = validators.get(message.topic());
    if (validator == null) {
      return Verdict.ACCEPT;
    }
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
}
