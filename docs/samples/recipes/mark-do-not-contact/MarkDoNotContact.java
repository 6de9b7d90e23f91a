// Marks a number do-not-contact in every record of the borrower that has it.
// If it fails, run it again, and don't dial the number in the meantime.
// Needs Gson: java -cp gson.jar MarkDoNotContact.java
import com.google.gson.*;
import java.net.URI;
import java.net.http.*;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.*;
import java.util.concurrent.*;

class MarkDoNotContact {
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static String url = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "http://127.0.0.1:4020");
    static String token = System.getenv().getOrDefault("RECOVERYCONNECT_TOKEN", "demo");
    static HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] args) {
        try {
            mark("678-932-1578");
        } catch (Exception error) {
            fail(describe(error));
        }
    }

    static void mark(String input) throws Exception {
        var number = digits(input);
        if (number.length() != 10) fail("The number must have ten digits.");
        var phones = "/api/v140/orders/57062885/borrowers/124927241/phones";
        var list = send(request(phones));
        var others = new TreeSet<>(list.keySet());
        others.remove("data");
        if (!others.isEmpty()) fail("The list may be one page of several. It also has: " + String.join(", ", others));

        var found = 0;
        var failed = 0;
        for (var element : list.getAsJsonArray("data")) {
            if (!(element instanceof JsonObject phone)) continue;
            if (!digits(String.valueOf(phone.get("number"))).contains(number)) continue;
            var id = phone.get("id") instanceof JsonPrimitive one ? one.getAsString() : "null";
            found++;
            try {
                if (id.isEmpty() || id.equals("null")) throw new Failure("The record has no id.");
                update(phones, Long.parseLong(id));
                System.out.println(id + " is marked do-not-contact");
            } catch (Exception error) {
                // The other records with the number have to be marked all the same.
                System.err.println("Don't dial. " + id + " isn't marked. " + describe(error));
                failed++;
            }
        }
        if (found == 0) fail("No record has this number.");
        if (failed > 0) System.exit(1);
    }

    static void update(String phones, long id) throws Exception {
        var response = send(request(phones + "/" + id).header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"no_contact\": 1}")));
        var stored = response.getAsJsonObject("data");
        var isSuccess = Set.of("null", "\"success\"").contains(String.valueOf(response.get("status")));
        if (!isSuccess || stored.get("id").getAsLong() != id || !new JsonPrimitive(1).equals(stored.get("no_contact")))
            throw new Failure("The API returned something else.");
    }

    static class Failure extends Exception {
        Failure(String message) {
            super(message);
        }
    }

    static String describe(Exception error) {
        if (error instanceof Failure) return error.getMessage();
        var cause = error instanceof ExecutionException ? error.getCause() : error;
        // The message of an exception could contain a part of the response.
        return "The request failed: " + cause.getClass().getSimpleName();
    }

    static String digits(String number) {
        return number.replaceAll("[^0-9]", "");
    }

    static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + token).header("Accept", "application/json");
    }

    static JsonObject send(HttpRequest.Builder request) throws Exception {
        var pending = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
        try {
            // The timeout of a request would end with the headers. This one includes the body.
            var response = pending.get(10, TimeUnit.SECONDS);
            var status = response.statusCode();
            if (status != 200) throw new Failure("The API returned the status " + status + ".");
            var body = JsonParser.parseString(response.body()).getAsJsonObject();
            var expected = response.request().method().equals("GET") ? JsonArray.class : JsonObject.class;
            if (!expected.isInstance(body.get("data"))) throw new Failure("The response has no data.");
            return body;
        } finally {
            // After a timeout, the request could still be sent.
            pending.cancel(true);
        }
    }

    static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
