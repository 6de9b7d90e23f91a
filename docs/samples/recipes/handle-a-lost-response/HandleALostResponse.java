// Creates a phone. If the response is lost, finds out whether the API stored the record.
// Needs Gson: java -cp gson.jar HandleALostResponse.java
import com.google.gson.*;
import java.net.URI;
import java.net.http.*;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.*;
import java.util.concurrent.*;

class HandleALostResponse {
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static String url = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "http://127.0.0.1:4020");
    static String token = System.getenv().getOrDefault("RECOVERYCONNECT_TOKEN", "demo");
    static String phones = "/api/v140/orders/57062885/borrowers/124927241/phones";
    static JsonObject sent = JsonParser
        .parseString("{'type': 6, 'number': '2025550143', 'valid': 1, 'no_contact': 0}").getAsJsonObject();
    static HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] args) throws Exception {
        var before = new HashSet<JsonElement>();
        for (var phone : list()) before.add(phone.getAsJsonObject().get("id"));
        try {
            // HttpClient doesn't repeat a POST.
            var response = send(request().header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(sent.toString())));
            // With these statuses, the API has stored nothing.
            if (Set.of(401, 403, 422, 429).contains(response.statusCode())) stop(1, response.body());
            if (response.statusCode() == 200) {
                var phone = JsonParser.parseString(response.body()).getAsJsonObject().getAsJsonObject("data");
                if (!matches(phone)) stop(1, "Don't dial. The API stored something else: " + phone);
                stop(0, "stored as " + phone.get("id"));
            }
        } catch (ExecutionException | TimeoutException | JsonParseException | IllegalStateException lost) {
            System.err.println("The response is lost: " + lost.getClass().getSimpleName());
        }

        var found = new ArrayList<JsonElement>();
        // The server may still be working. PHP runs a request for half a minute by default.
        for (var seconds : List.of(0, 2, 8, 20)) {
            TimeUnit.SECONDS.sleep(seconds);
            found.clear();
            var same = new ArrayList<JsonElement>();
            for (var phone : list()) {
                var id = phone.getAsJsonObject().get("id");
                if (before.contains(id)) continue;
                found.add(id);
                if (matches(phone.getAsJsonObject())) same.add(id);
            }
            if (same.size() == 1) stop(0, "stored as " + same.get(0));
        }
        if (found.isEmpty()) stop(1, "Not stored after 30 seconds. You can create it again.");
        stop(1, "A person has to decide whether one of these is the record: " + found);
    }

    static boolean matches(JsonObject phone) {
        var digits = phone.get("number").toString().replaceAll("[ ().+\"-]", "").replaceFirst("^1", "");
        return digits.equals(sent.get("number").getAsString()) && sent.keySet().stream()
            .allMatch(name -> name.equals("number") || sent.get(name).equals(phone.get(name)));
    }

    static JsonArray list() throws Exception {
        var response = send(request());
        if (response.statusCode() != 200) stop(1, response.body());
        var body = JsonParser.parseString(response.body()).getAsJsonObject();
        // A list with anything beside "data" can be one page of several.
        if (body.size() > 1) stop(1, response.body());
        return body.getAsJsonArray("data");
    }

    static HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create(url + phones))
            .header("Authorization", "Bearer " + token).header("Accept", "application/json");
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        // The timeout of a request would end with the headers. This one includes the body.
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);
    }

    static void stop(int status, String message) {
        System.out.println(message);
        System.exit(status);
    }
}
