package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;

/** Facts as bytes: the kind's number (u8), then its fields as its {@code write} lays them out. */
public final class FactCodec {
  private FactCodec() {}

  /**
   * The only encoding of a fact.
   *
   * @throws IllegalArgumentException when it is longer than {@link Fact#BYTES_MAX}
   */
  public static Bytes encode(Fact fact) {
    Writer to = new Writer(512);
    to.u8(number(fact));
    switch (fact) {
      case MemberPut f -> f.write(to);
      case OfferPut f -> f.write(to);
      case MapUpdate f -> f.write(to);
      case GroupDead f -> f.write(to);
      case NamespacePut f -> f.write(to);
      case TaskOpen f -> f.write(to);
      case LeaseTake f -> f.write(to);
      case PartDone f -> f.write(to);
      case TaskSeal f -> f.write(to);
      case TaskVoid f -> f.write(to);
      case ValidatorReady f -> f.write(to);
      case Leaving f -> f.write(to);
      case Evidence f -> f.write(to);
    }
    Bounds.range("fact bytes", to.size(), 1, Fact.BYTES_MAX);
    return to.toBytes();
  }

  /** The fact that these bytes, and nothing more, encode. */
  public static Fact decode(Bytes bytes) throws DecodeException {
    if (bytes.size() > Fact.BYTES_MAX) {
      throw new DecodeException("a fact of " + bytes.size() + " bytes");
    }
    return Reader.whole(bytes, FactCodec::read);
  }

  private static Fact read(Reader from) throws DecodeException {
    int number = from.u8();
    return switch (number) {
      case 1 -> MemberPut.read(from);
      case 2 -> OfferPut.read(from);
      case 3 -> MapUpdate.read(from);
      case 4 -> GroupDead.read(from);
      case 5 -> NamespacePut.read(from);
      case 6 -> TaskOpen.read(from);
      case 7 -> LeaseTake.read(from);
      case 8 -> PartDone.read(from);
      case 9 -> TaskSeal.read(from);
      case 10 -> TaskVoid.read(from);
      case 11 -> ValidatorReady.read(from);
      case 12 -> Leaving.read(from);
      case 13 -> Evidence.read(from);
      default -> throw new DecodeException("no fact has the number " + number);
    };
  }

  private static int number(Fact fact) {
    return switch (fact) {
      case MemberPut f -> 1;
      case OfferPut f -> 2;
      case MapUpdate f -> 3;
      case GroupDead f -> 4;
      case NamespacePut f -> 5;
      case TaskOpen f -> 6;
      case LeaseTake f -> 7;
      case PartDone f -> 8;
      case TaskSeal f -> 9;
      case TaskVoid f -> 10;
      case ValidatorReady f -> 11;
      case Leaving f -> 12;
      case Evidence f -> 13;
    };
  }
}
