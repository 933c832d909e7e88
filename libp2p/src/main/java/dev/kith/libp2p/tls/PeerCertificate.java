package dev.kith.libp2p.tls;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PublicKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * All that is asked of a peer's certificate (libp2p/specs tls, "Peer Authentication"), and nothing
 * else: there are no authorities, names or chains. It is signed with its own key, is valid now, has
 * no critical extension that is not understood, and one extension with the identity key and that
 * key's signature over {@code libp2p-tls-handshake:} and the certificate's key.
 *
 * <pre>
 *   Certificate    SEQUENCE { tbs, algorithm, BIT STRING signature }
 *   tbs            SEQUENCE { [0] version, INTEGER serial, algorithm, issuer,
 *                             SEQUENCE { notBefore, notAfter }, subject, key info, [3] extensions }
 *   extension      SEQUENCE { OID, BOOLEAN critical, OCTET STRING value }
 *   its value      SEQUENCE { OCTET STRING identity key, OCTET STRING signature }
 * </pre>
 */
final class PeerCertificate {
  /** The longest certificate that is read: one for an RSA identity of 8,192 bits takes 2.5 KiB. */
  static final int BYTES_MAX = 8_192;

  /** 1.3.6.1.4.1.53594.1.1. */
  static final String EXTENSION = "2b0601040183a25a0101";

  private static final String KEY_USAGE = "551d0f";
  private static final String BASIC_CONSTRAINTS = "551d13";
  private static final int DIGITAL_SIGNATURE = 0x80;
  private static final byte[] SIGNED_PREFIX =
      "libp2p-tls-handshake:".getBytes(StandardCharsets.US_ASCII);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  /** Two digits of a year from here on belong to the last century. */
  private static final String CENTURY_PIVOT = "50";

  private PeerCertificate() {}

  /** What the identity key signs: it binds the certificate's key to it. */
  static byte[] signed(byte[] keyInfo) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(SIGNED_PREFIX);
    message.writeBytes(keyInfo);
    return message.toByteArray();
  }

  /**
   * The identity that a certificate proves.
   *
   * @throws ProtocolViolationException when it proves none
   */
  static PublicKey verify(byte[] encoded, Instant now) throws ProtocolViolationException {
    if (encoded.length > BYTES_MAX) {
      throw violation(encoded.length + " bytes");
    }
    DerReader certificate = new DerReader(encoded).last(DerReader.SEQUENCE).within();
    DerReader.Value toBeSigned = certificate.next(DerReader.SEQUENCE);
    byte[] algorithm = certificate.next(DerReader.SEQUENCE).encoded();
    byte[] signature = certificate.last(DerReader.BIT_STRING).bits();

    DerReader fields = toBeSigned.within();
    requireVersion3(fields);
    fields.next(DerReader.INTEGER); // the serial number
    if (!Arrays.equals(fields.next(DerReader.SEQUENCE).encoded(), algorithm)) {
      throw violation("two different signature algorithms");
    }
    fields.next(DerReader.SEQUENCE); // the issuer
    requireValid(fields.next(DerReader.SEQUENCE).within(), now);
    fields.next(DerReader.SEQUENCE); // the subject
    byte[] keyInfo = fields.next(DerReader.SEQUENCE).encoded();
    if (fields.peek() != DerReader.explicit(3)) {
      // Unique ids of issuer and subject would stand here too; certificates must omit them.
      throw violation("no extensions where they belong");
    }
    DerReader extensions =
        fields.last(DerReader.explicit(3)).within().last(DerReader.SEQUENCE).within();
    SignedKey signedKey = extension(extensions);

    if (!CertificateAlgorithm.decode(algorithm).verify(keyInfo, toBeSigned.encoded(), signature)) {
      throw violation("not signed with its own key");
    }
    PublicKey key = Keys.decodePublic(Bytes.wrap(signedKey.key()));
    if (!key.verifyOften(signed(keyInfo), signedKey.signature())) {
      throw violation("the identity's signature is forged");
    }
    return key;
  }

  private static void requireVersion3(DerReader fields) throws ProtocolViolationException {
    DerReader.Value version = fields.next(DerReader.explicit(0)).within().last(DerReader.INTEGER);
    if (!Arrays.equals(version.contentBytes(), new byte[] {2})) {
      throw violation("not X.509 version 3");
    }
  }

  private static void requireValid(DerReader validity, Instant now)
      throws ProtocolViolationException {
    Instant notBefore = time(validity.next());
    Instant notAfter = time(validity.next());
    validity.expectEnd();
    if (now.isBefore(notBefore)) {
      throw violation("not valid before " + notBefore);
    }
    if (now.isAfter(notAfter)) {
      throw violation("expired at " + notAfter);
    }
  }

  private static Instant time(DerReader.Value value) throws ProtocolViolationException {
    String text = value.text();
    if (value.tag() == DerReader.UTC_TIME && text.length() == 13) {
      text = (text.compareTo(CENTURY_PIVOT) < 0 ? "20" : "19") + text;
    } else if (value.tag() != DerReader.GENERALIZED_TIME) {
      throw violation("a time of type " + value.tag());
    }
    try {
      return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new ProtocolViolationException("certificate: no time", e);
    }
  }

  /** What the libp2p extension holds. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  private record SignedKey(byte[] key, byte[] signature) {}

  private static SignedKey extension(DerReader extensions) throws ProtocolViolationException {
    Set<String> seen = new HashSet<>();
    SignedKey found = null;
    while (!extensions.atEnd()) {
      DerReader extension = extensions.next(DerReader.SEQUENCE).within();
      String id =
          HexFormat.of().formatHex(extension.next(DerReader.OBJECT_IDENTIFIER).contentBytes());
      boolean critical =
          extension.peek() == DerReader.BOOLEAN && extension.next(DerReader.BOOLEAN).isTrue();
      byte[] value = extension.last(DerReader.OCTET_STRING).contentBytes();
      if (!seen.add(id)) {
        throw violation("an extension that comes twice");
      }
      SignedKey signedKey = understand(id, value, critical);
      found = signedKey == null ? found : signedKey;
    }
    if (found == null) {
      throw violation("no libp2p extension");
    }
    return found;
  }

  private static @Nullable SignedKey understand(String id, byte[] value, boolean critical)
      throws ProtocolViolationException {
    switch (id) {
      case EXTENSION -> {
        DerReader fields = new DerReader(value).last(DerReader.SEQUENCE).within();
        byte[] key = fields.next(DerReader.OCTET_STRING).contentBytes();
        return new SignedKey(key, fields.last(DerReader.OCTET_STRING).contentBytes());
      }
      case KEY_USAGE -> {
        byte[] usage = new DerReader(value).last(DerReader.BIT_STRING).contentBytes();
        if (critical && (usage.length < 2 || (usage[1] & DIGITAL_SIGNATURE) == 0)) {
          throw violation("its key is not for signatures");
        }
      }
      case BASIC_CONSTRAINTS -> {
        // Of chains, of which there are none.
      }
      default -> {
        if (critical) {
          throw violation("an unknown critical extension: " + id);
        }
      }
    }
    return null;
  }

  private static ProtocolViolationException violation(String what) {
    return new ProtocolViolationException("certificate: " + what);
  }
}
