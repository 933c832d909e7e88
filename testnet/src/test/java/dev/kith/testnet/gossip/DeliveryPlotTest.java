package dev.kith.testnet.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class DeliveryPlotTest {
  @Test
  void svg_fallsFromAllDeliveriesToNone() throws Exception {
    Report report = new Report(100, 100, 2, 3, 3, 1.5, List.of(0, 10, 80, 10));
    String svg = DeliveryPlot.svg("a < b & c", List.of(new DeliveryPlot.Line("one", report)));
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    Element line = (Element) document.getElementsByTagName("polyline").item(0);
    assertThat(line.getAttribute("points"))
        .startsWith("70.0,40.0 ")
        .endsWith(",350.0")
        .contains("79.8,42.4 ")
        .contains("84.7,91.7 ");
    assertThat(svg).contains("a &lt; b &amp; c", "one: 2 / 3 ms", ">1.5<");
  }
}
