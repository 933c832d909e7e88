package dev.kith.libp2p.gossipsub.score;

/**
 * P6, IP colocation: a penalty by the square of the surplus for peers that share an address with
 * many others, since identities cost nothing and addresses do. IPv6 addresses are one by their /64,
 * and loopback is exempt.
 *
 * @param weight at most 0; 0 turns it off
 * @param threshold how many peers may share an address, at least 1
 */
public record IpColocation(double weight, int threshold) {
  public IpColocation {
    Check.penalty(weight);
    if (threshold < 1) {
      throw new IllegalArgumentException("threshold: " + threshold);
    }
  }

  double score(int peers) {
    double surplus = Math.max(0, peers - threshold);
    return weight * surplus * surplus;
  }
}
