// A receiver of ShopCtrl's webhooks, as its page tells it. The JDK (17 or later) alone.
//
//   SECRET=... java ShopctrlReceiver.java
//
// Takes any free port, prints where it listens, and prints each webhook it has accepted.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class ShopctrlReceiver {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private ShopctrlReceiver(String secret) {
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    public static void main(String[] arguments) throws IOException {
        String secret = System.getenv("SECRET");
        if (secret == null || secret.isEmpty()) throw new IllegalStateException("SECRET is not set");
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", new ShopctrlReceiver(secret)::receive);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.println("listens on http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean accepted = isSigned(body, exchange.getRequestHeaders().getFirst("X-Shopctrl-Signature"));
            if (accepted) print("accepted " + new String(body, StandardCharsets.UTF_8) + "\n");
            exchange.sendResponseHeaders(accepted ? 200 : 401, -1);
        }
    }

    private boolean isSigned(byte[] body, String signature) {
        if (signature == null) return false;
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] expected = Base64.getEncoder().encode(mac.doFinal(body));
            return MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** In UTF-8, whatever the machine's own encoding is. */
    private static synchronized void print(String text) throws IOException {
        System.out.write(text.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }
}
