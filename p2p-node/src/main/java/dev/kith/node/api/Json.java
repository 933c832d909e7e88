package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON in and out. What goes out is made of maps, lists, text, numbers and truth values only. */
final class Json {
  /** The longest JSON request, in bytes. */
  static final int REQUEST_BYTES_MAX = 1 << 20;

  private static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}

  static byte[] bytes(Object document) {
    return MAPPER.writeValueAsBytes(document);
  }

  static void answer(Context context, Object document) {
    context.contentType("application/json").result(bytes(document));
  }

  /** An object whose last field is a list too long to be held as a whole. */
  static void answer(Context context, Fields object, String list, Stream<Fields> elements)
      throws IOException {
    stream(
        context,
        json -> {
          json.writeStartObject();
          object.forEach(json::writePOJOProperty);
          json.writeName(list);
          array(json, elements);
          json.writeEndObject();
        });
  }

  /** A list too long to be held as a whole. */
  static void answer(Context context, Stream<Fields> elements) throws IOException {
    stream(context, json -> array(json, elements));
  }

  /** Makes the elements of a list, one after another. */
  @FunctionalInterface
  interface Producer {
    void produce(Elements elements) throws IOException, InterruptedException;
  }

  /** Takes the elements of a list that is written. */
  @FunctionalInterface
  interface Elements {
    void add(Fields element);
  }

  /** A list too long to be held as a whole. Nothing is sent where the producer fails at once. */
  static void answer(Context context, Producer producer) throws IOException, InterruptedException {
    context.contentType("application/json");
    try {
      JsonGenerator json = MAPPER.createGenerator(context.res().getOutputStream());
      json.writeStartArray();
      producer.produce(json::writePOJO);
      json.writeEndArray();
      json.close(); // only now, as below
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  private static void array(JsonGenerator json, Stream<Fields> elements) {
    json.writeStartArray();
    elements.forEach(json::writePOJO);
    json.writeEndArray();
  }

  private static void stream(Context context, Consumer<JsonGenerator> document) throws IOException {
    context.contentType("application/json");
    try {
      JsonGenerator json = MAPPER.createGenerator(context.res().getOutputStream());
      document.accept(json);
      // Only now: closing one that failed would close all brackets, and what is cut off look whole.
      json.close();
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  /** Reads a JSON object; an empty body is an empty object. */
  static JsonNode read(Context context) throws IOException {
    byte[] body;
    try (InputStream in = context.req().getInputStream()) {
      body = in.readNBytes(REQUEST_BYTES_MAX + 1);
    }
    if (body.length > REQUEST_BYTES_MAX) {
      throw new NodeException(
          Problem.BAD_REQUEST, "the request is longer than " + REQUEST_BYTES_MAX + " bytes");
    }
    if (body.length == 0) {
      return MAPPER.createObjectNode();
    }
    try {
      JsonNode node = MAPPER.readTree(body);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException e) {
      throw new NodeException(
          Problem.BAD_REQUEST, "the request is no JSON: " + e.getOriginalMessage(), e);
    }
    throw new NodeException(Problem.BAD_REQUEST, "the request is no JSON object");
  }

  static Fields object() {
    return new Fields();
  }

  static String hex(Bytes bytes) {
    return bytes.toUnprefixedHexString();
  }

  /**
   * An object under construction, fields in the order of their being put; absent ones are left out.
   */
  static final class Fields extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1L;

    Fields with(String name, @Nullable Object value) {
      switch (value) {
        case null -> {}
        case Optional<?> optional -> optional.ifPresent(present -> with(name, present));
        case Bytes bytes -> put(name, hex(bytes));
        case Number number -> put(name, number);
        case Boolean truth -> put(name, truth);
        case Map<?, ?> map -> put(name, map);
        case java.util.Collection<?> list -> put(name, list);
        default -> put(name, value.toString());
      }
      return this;
    }
  }
}
