// Counts the phones of each borrower of an order. Logs in once, and again when the token expires.
// Needs Gson: java -cp gson.jar KeepATokenFresh.java
import com.google.gson.*;
import java.net.URI;
import java.net.http.*;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.*;
import java.util.concurrent.*;

class KeepATokenFresh {
    static HttpClient client = HttpClient.newHttpClient();
    static String token;
    static Instant renewAt = Instant.MIN;

    public static void main(String[] args) {
        try {
            countPhones();
        } catch (Exception error) {
            var cause = error instanceof ExecutionException ? error.getCause() : error;
            // The message of an exception could contain a part of the response.
            fail("The request failed: " + cause.getClass().getSimpleName());
        }
    }

    static void countPhones() throws Exception {
        var borrowers = "/api/v140/orders/57062885/borrowers";
        for (var borrower : list(borrowers)) {
            if (!(borrower.getAsJsonObject().get("id") instanceof JsonPrimitive)) fail("A record has no id.");
            var id = borrower.getAsJsonObject().get("id").getAsLong();
            System.out.println(id + ": " + list(borrowers + "/" + id + "/phones").size() + " phones");
        }
    }

    static JsonArray list(String path) throws Exception {
        if (Instant.now().isAfter(renewAt)) logIn();
        var response = send(request(path).header("Authorization", "Bearer " + token));
        if (response.statusCode() == 401) {
            logIn();
            response = send(request(path).header("Authorization", "Bearer " + token));
        }
        if (response.statusCode() != 200) fail("The API returned the status " + response.statusCode() + ".");
        var body = JsonParser.parseString(response.body()).getAsJsonObject();
        var others = new TreeSet<>(body.keySet());
        others.remove("data");
        if (!others.isEmpty()) fail("The list may be one page of several. It also has: " + String.join(", ", others));
        if (!(body.get("data") instanceof JsonArray)) fail("The response has no data.");
        return body.getAsJsonArray("data");
    }

    /** With threads, hold a lock while you read or renew the token, so that only one thread logs in. */
    static void logIn() throws Exception {
        var env = System.getenv();
        // The local sandbox accepts every account.
        var account = Map.of("username", env.getOrDefault("RECOVERYCONNECT_USERNAME", "example-user"),
            "password", env.getOrDefault("RECOVERYCONNECT_PASSWORD", "example-password"));
        var response = send(request("/api/v140/auth").header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(new Gson().toJson(account))));
        // Logging in again with a wrong password might lock the account. The response can contain tokens.
        if (response.statusCode() != 200) fail("The login failed with the status " + response.statusCode() + ".");
        var login = JsonParser.parseString(response.body()).getAsJsonObject();
        if (!(login.get("access_token") instanceof JsonPrimitive) || !login.has("expires_in"))
            fail("The login returned no token.");
        token = login.get("access_token").getAsString();
        // A minute before the token expires, but not before half of its time
        var seconds = login.get("expires_in").getAsLong();
        renewAt = Instant.now().plusSeconds(Math.max(seconds - 60, seconds / 2));
    }

    static HttpRequest.Builder request(String path) {
        // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
        var url = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "http://127.0.0.1:4020");
        return HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "application/json");
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        // The timeout of a request would end with the headers. This one includes the body.
        var response = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
        try {
            return response.get(10, TimeUnit.SECONDS);
        } finally {
            // After a timeout, the request could still be sent.
            response.cancel(true);
        }
    }

    static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
