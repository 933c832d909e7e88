package dev.kith.node.api;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.Member;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** {@code /status}, {@code /peers}, {@code /tickets}, {@code /log} and {@code /shutdown}. */
final class PeerRoutes {
  private static final int TICKET_SECONDS = 86_400;
  private static final int TICKET_SECONDS_MAX = 30 * 86_400;
  private static final int LOG_LINES_MAX = 10_000;

  private final PeerControl control;
  private final Ledger ledger;

  PeerRoutes(PeerControl control, Ledger ledger) {
    this.control = control;
    this.ledger = ledger;
  }

  void register(RoutesConfig routes) {
    routes.get("/api/v1/status", this::status);
    routes.get("/api/v1/peers", this::peers);
    routes.post("/api/v1/tickets", this::invite);
    routes.get("/api/v1/log", this::log);
    routes.post("/api/v1/shutdown", this::shutdown);
  }

  private void status(Context context) throws IOException {
    PeerControl.Status status = control.status();
    Json.answer(
        context,
        Json.object()
            .with("peerId", status.peer())
            .with("name", status.name())
            .with("version", status.version())
            .with("home", status.home())
            .with("pid", ProcessHandle.current().pid())
            .with("started", status.startedMillis())
            .with("realm", ledger.realmId())
            .with("realmName", status.realmName())
            .with("owner", status.owner())
            .with("holdsOwnerKey", status.holdsOwnerKey())
            .with("addrs", status.addresses().stream().map(Object::toString).toList())
            .with("connections", status.connections())
            .with(
                "storage",
                Json.object().with("used", status.storedBytes()).with("quota", status.quotaBytes()))
            .with("slots", status.computeSlots())
            .with("ledger", LedgerRoutes.headOf(ledger)));
  }

  private void peers(Context context) {
    Json.answer(context, control.peers().stream().map(PeerRoutes::peer).toList());
  }

  private static Json.Fields peer(PeerControl.PeerLine line) {
    Member member = line.member();
    Json.Fields fields =
        Json.object()
            .with("peerId", member.peer())
            .with("name", member.name())
            .with("site", member.site())
            .with("owner", member.grant().owner())
            .with("self", line.self())
            .with("connected", line.connected())
            .with("committee", member.validator())
            .with("addrs", line.addresses().stream().map(Object::toString).toList());
    member
        .offer()
        .ifPresent(
            offer ->
                fields
                    .with("slots", offer.slots())
                    .with("diskBytes", offer.diskBytes())
                    .with("capabilities", offer.capabilities()));
    return fields;
  }

  private void invite(Context context) throws IOException {
    JsonNode request = Json.read(context);
    int seconds =
        Parameters.integer(request, "expiresSeconds", TICKET_SECONDS, 0, Integer.MAX_VALUE);
    if (seconds < 1 || seconds > TICKET_SECONDS_MAX) {
      throw Parameters.bad("a ticket can be good for 1 second up to 30 days");
    }
    boolean guest = request.path("guest").asBoolean(false);
    PeerControl.Invitation ticket = control.invite(Duration.ofSeconds(seconds), guest);
    Json.answer(
        context,
        Json.object()
            .with("ticket", ticket.text())
            .with("expires", ticket.expiresMillis())
            .with("sameOwner", ticket.sameOwner()));
  }

  private void log(Context context) throws IOException {
    int lines = (int) Parameters.number(context, "lines", 100, 1, LOG_LINES_MAX);
    Json.answer(context, control.log(lines));
  }

  private void shutdown(Context context) {
    context.status(204);
    control.shutdown();
  }
}
