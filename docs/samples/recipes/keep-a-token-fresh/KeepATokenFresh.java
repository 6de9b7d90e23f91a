// Counts the phones of each borrower of an order. Logs in once, and again when the token expires.
// Needs Gson: java -cp gson.jar KeepATokenFresh.java
import com.google.gson.*;
import java.net.URI;
import java.net.http.*;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

class KeepATokenFresh {
    static HttpClient client = HttpClient.newHttpClient();
    static String token;
    static Instant renewAt = Instant.MIN;

    public static void main(String[] args) throws Exception {
        var borrowers = "/api/v140/orders/57062885/borrowers";
        for (var borrower : get(borrowers).getAsJsonArray("data")) {
            var id = borrower.getAsJsonObject().get("id");
            var phones = get(borrowers + "/" + id + "/phones").getAsJsonArray("data");
            System.out.println(id + ": " + phones.size() + " phones");
        }
    }

    static JsonObject get(String path) throws Exception {
        if (Instant.now().isAfter(renewAt)) logIn();
        var response = send(request(path).header("Authorization", "Bearer " + token));
        if (response.statusCode() == 401) {
            logIn();
            response = send(request(path).header("Authorization", "Bearer " + token));
        }
        return read(response);
    }

    /** Programs with threads make this method and `get` wait for a login that another thread has started. */
    static void logIn() throws Exception {
        var env = System.getenv();
        // The local sandbox accepts every account.
        var account = Map.of("username", env.getOrDefault("RECOVERYCONNECT_USERNAME", "example-user"),
            "password", env.getOrDefault("RECOVERYCONNECT_PASSWORD", "example-password"));
        var response = send(request("/api/v140/auth").header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(new Gson().toJson(account))));
        // Ends the program if the login fails. Logging in again with a wrong password might lock the account.
        var login = read(response);
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
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);
    }

    static JsonObject read(HttpResponse<String> response) {
        if (response.statusCode() == 200) return JsonParser.parseString(response.body()).getAsJsonObject();
        System.err.println(response.body());
        System.exit(1);
        return null;
    }
}
