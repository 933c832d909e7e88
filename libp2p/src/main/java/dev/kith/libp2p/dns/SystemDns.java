package dev.kith.libp2p.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * The machine's resolver for addresses. It has no TXT records, for which the JDK's own client asks
 * the name servers that the machine is configured with.
 */
public final class SystemDns implements Dns {
  private static final String TXT = "TXT";
  private static final String TIMEOUT_MILLIS_FIRST = "1000";
  private static final String TRIES = "3";

  @Override
  public List<InetAddress> addresses(String name) throws IOException {
    return List.of(InetAddress.getAllByName(name));
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "BanJNDI"}) // JNDI wants a Hashtable; only DNS is asked
  public List<String> texts(String name) throws IOException {
    Hashtable<String, String> settings = new Hashtable<>();
    settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    settings.put("com.sun.jndi.dns.timeout.initial", TIMEOUT_MILLIS_FIRST);
    settings.put("com.sun.jndi.dns.timeout.retries", TRIES);
    try {
      DirContext context = new InitialDirContext(settings);
      try {
        Attribute records = context.getAttributes("dns:/" + name, new String[] {TXT}).get(TXT);
        return records == null ? List.of() : texts(records);
      } finally {
        context.close();
      }
    } catch (NamingException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
  }

  private static List<String> texts(Attribute records) throws NamingException {
    List<String> texts = new ArrayList<>();
    NamingEnumeration<?> all = records.getAll();
    while (all.hasMore()) {
      texts.add(String.valueOf(all.next()).replace("\"", ""));
    }
    return texts;
  }
}
