package dev.kith.ledger;

import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.OfferPut;
import dev.kith.libp2p.identity.PeerId;
import java.util.Optional;

/**
 * A member of the realm.
 *
 * @param index its number on the ledger, 0 to 65,535
 * @param offer its newest offer
 */
public record Member(
    int index,
    PeerId peer,
    String name,
    String site,
    DeviceGrant grant,
    Optional<OfferPut> offer,
    boolean validator) {}
