package dev.kith.libp2p.host;

import dev.kith.libp2p.connmgr.WaterMarks;
import dev.kith.libp2p.resource.ResourceLimits;

/**
 * What a host allows.
 *
 * @param admission who may use which protocols
 * @param gater which connections are refused
 * @param limits what peers may use, each and all together
 * @param marks when there are more connections than wanted
 * @param addresses what is believed of where peers are
 */
public record HostPolicy(
    AdmissionPolicy admission,
    ConnectionGater gater,
    ResourceLimits limits,
    WaterMarks marks,
    AddressPolicy addresses) {

  /** Everybody may use everything, within the standard bounds. */
  public static final HostPolicy OPEN =
      new HostPolicy(
          AdmissionPolicy.OPEN,
          ConnectionGater.OPEN,
          ResourceLimits.STANDARD,
          WaterMarks.STANDARD,
          AddressPolicy.NEAR);

  /** This, with another admission policy. */
  public HostPolicy withAdmission(AdmissionPolicy policy) {
    return new HostPolicy(policy, gater, limits, marks, addresses);
  }

  /** This, with another gater. */
  public HostPolicy withGater(ConnectionGater other) {
    return new HostPolicy(admission, other, limits, marks, addresses);
  }

  /** This, with other bounds. */
  public HostPolicy withLimits(ResourceLimits bounds) {
    return new HostPolicy(admission, gater, bounds, marks, addresses);
  }

  /** This, with other water marks. */
  public HostPolicy withMarks(WaterMarks other) {
    return new HostPolicy(admission, gater, limits, other, addresses);
  }

  /** This, with another address policy. */
  public HostPolicy withAddresses(AddressPolicy policy) {
    return new HostPolicy(admission, gater, limits, marks, policy);
  }
}
