// Creates a phone. If the response is lost, finds out whether the API stored the record.
// Exit code: 0 if it's stored, 1 if nothing was stored, 2 if a person has to look, 3 if you can create it again.
// Don't run it again after a 0 or 2: it would create a second record, because it doesn't look for older ones.
// Treat every exit code that isn't listed, such as that of a program that was killed, as 2.
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
    static String reason;
    static HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] args) {
        if (!sent.get("number").getAsString().matches("[2-9][0-9]{9}"))
            stop(1, "Nothing was sent. The number must be ten digits.");
        var before = list();
        if (before == null) stop(1, "Nothing was sent. " + reason);
        try {
            createOnce(before.keySet());
        } catch (Exception error) {
            stopUnknown("The program failed: " + error.getClass().getSimpleName() + ".");
        }
    }

    static void createOnce(Set<Long> before) throws InterruptedException {
        try {
            // HttpClient doesn't repeat a POST.
            var response = send(request().header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(sent.toString())));
            var status = response.statusCode();
            var body = JsonParser.parseString(response.body()).getAsJsonObject();
            // A gateway can also return these statuses after the API stored the phone. The API's errors have a message.
            // We assume that the API stores nothing then. The vendor doesn't document any error.
            if (Set.of(401, 403, 422, 429).contains(status) && body.has("message"))
                stop(1, "Nothing was stored. The API returned the status " + status + ".");
            if (status == 200 && Set.of("null", "\"success\"").contains(String.valueOf(body.get("status")))) {
                var phone = body.getAsJsonObject("data");
                var id = phone.get("id").getAsLong();
                if (!matches(phone)) stop(2, "Don't dial. The API stored something else: " + id);
                stop(0, "stored as " + id);
            }
        } catch (Exception error) {
            // The response is lost, or it can't be read.
        }

        var found = new HashSet<Long>();
        // The server may still be working. The vendor documents no limit: half a minute is our choice.
        for (var seconds : List.of(0, 2, 8, 20)) {
            TimeUnit.SECONDS.sleep(seconds);
            var phones = list();
            if (phones == null) continue;
            found = new HashSet<>(phones.keySet());
            found.removeAll(before);
            var same = found.stream().filter(id -> matches(phones.get(id))).toList();
            if (same.size() == 1) stop(0, "stored as " + same.get(0));
        }
        if (reason != null) stopUnknown(reason);
        if (found.isEmpty()) stop(3, "Not stored after 30 seconds. You can create it again.");
        stop(2, "A person has to decide whether one of these is the record: " + found);
    }

    static boolean matches(JsonObject phone) {
        var digits = String.valueOf(phone.get("number")).replaceAll("[ ().+\"-]", "").replaceFirst("^1", "");
        return digits.equals(sent.get("number").getAsString()) && sent.keySet().stream()
            .allMatch(name -> name.equals("number") || sent.get(name).equals(phone.get(name)));
    }

    /** Returns the phones by id. Returns null and sets the reason if there is no complete list. */
    static Map<Long, JsonObject> list() {
        try {
            var response = send(request());
            reason = "The API returned the status " + response.statusCode() + ".";
            if (response.statusCode() != 200) return null;
            var body = JsonParser.parseString(response.body()).getAsJsonObject();
            var others = new TreeSet<>(body.keySet());
            others.remove("data");
            reason = "The list may be one page of several. It also has: " + String.join(", ", others) + ".";
            if (!others.isEmpty()) return null;
            var phones = new LinkedHashMap<Long, JsonObject>();
            for (var phone : body.getAsJsonArray("data"))
                phones.put(phone.getAsJsonObject().get("id").getAsLong(), phone.getAsJsonObject());
            reason = null;
            return phones;
        } catch (Exception error) {
            var cause = error instanceof ExecutionException ? error.getCause() : error;
            // The message of an exception could contain a part of the response.
            reason = "The request failed: " + cause.getClass().getSimpleName() + ".";
            return null;
        }
    }

    static HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create(url + phones))
            .header("Authorization", "Bearer " + token).header("Accept", "application/json");
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

    static void stopUnknown(String reason) {
        stop(2, "It's unknown whether the API stored the phone. " + reason
            + " List the phones before you create it again.");
    }

    static void stop(int status, String message) {
        (status == 0 ? System.out : System.err).println(message);
        System.exit(status);
    }
}
