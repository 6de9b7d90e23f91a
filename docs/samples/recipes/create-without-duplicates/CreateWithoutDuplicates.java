// Creates a phone, unless the borrower has a record with the number.
// If it fails, wait half a minute and run it again: it looks for the record first.
// Needs Gson: java -cp gson.jar CreateWithoutDuplicates.java
import com.google.gson.*;
import java.net.URI;
import java.net.http.*;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.*;
import java.util.concurrent.*;

class CreateWithoutDuplicates {
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static String url = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "http://127.0.0.1:4020");
    static String token = System.getenv().getOrDefault("RECOVERYCONNECT_TOKEN", "demo");
    static String phones = "/api/v140/orders/57062885/borrowers/124927241/phones";
    static JsonObject body = JsonParser
        .parseString("{'type': 6, 'number': '2025550143', 'valid': 1, 'no_contact': 0}").getAsJsonObject();
    static HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] args) {
        try {
            System.out.println(createOnce());
        } catch (Exception error) {
            var cause = error instanceof ExecutionException ? error.getCause() : error;
            // The message of an exception could contain a part of the response.
            fail("The request failed: " + cause.getClass().getSimpleName());
        }
    }

    static String createOnce() throws Exception {
        // A number with dashes never matches a stored one, so each run would create it again.
        if (!body.get("number").getAsString().matches("[2-9][0-9]{9}"))
            fail("The number must be ten digits, without dashes.");

        var list = send(HttpRequest.newBuilder().GET());
        var others = new TreeSet<>(list.keySet());
        others.remove("data");
        if (!others.isEmpty()) fail("The list may be one page of several. It also has: " + String.join(", ", others));
        String same = null;
        var unclear = new ArrayList<String>();
        for (var element : list.getAsJsonArray("data")) {
            var phone = element.getAsJsonObject();
            var id = phone.get("id") instanceof JsonPrimitive one ? one.getAsString() : null;
            var digits = String.valueOf(phone.get("number")).replaceAll("[ ().+\"-]", "").replaceFirst("^1", "");
            var isSame = digits.equals(body.get("number").getAsString());
            var isDeleted = phone.has("deleted_at") && !phone.get("deleted_at").isJsonNull();
            if (isSame && !hasFlags(phone)) fail("Don't dial. The number is stored with other flags: " + id);
            if (isSame && id == null) fail("A record with this number has no id. Check by hand.");
            if (isSame && !isDeleted) same = id;
            // A number that is masked, partial or otherwise not ten digits can be this one.
            else if (isSame || !digits.matches("[2-9][0-9]{9}")) unclear.add(id);
        }
        if (same != null) return "stored already as " + same;
        if (!unclear.isEmpty())
            fail("Check by hand whether one of these has the number and isn't deleted: " + String.join(", ", unclear));

        var response = send(HttpRequest.newBuilder().header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
        if (!Set.of("null", "\"success\"").contains(String.valueOf(response.get("status"))))
            fail("The API returned something else.");
        var created = response.getAsJsonObject("data");
        if (!hasFlags(created)) fail("Don't dial. The API stored other flags: " + created.get("id"));
        if (!(created.get("id") instanceof JsonPrimitive)) fail("The response has no id.");
        return "stored as " + created.get("id").getAsString();
    }

    static boolean hasFlags(JsonObject phone) {
        return List.of("valid", "no_contact").stream().allMatch(flag -> body.get(flag).equals(phone.get(flag)));
    }

    /** Sends a request once. HttpClient doesn't repeat a POST. */
    static JsonObject send(HttpRequest.Builder builder) throws Exception {
        var request = builder.uri(URI.create(url + phones)).header("Authorization", "Bearer " + token)
            .header("Accept", "application/json").build();
        // The timeout of a request would end with the headers. This one includes the body.
        var sending = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> response;
        try {
            response = sending.get(10, TimeUnit.SECONDS);
        } finally {
            // After a timeout, the request could still be sent.
            sending.cancel(true);
        }
        var status = response.statusCode();
        if (status != 200 && status != 422) fail("The API returned the status " + status + ".");
        var parsed = JsonParser.parseString(response.body()).getAsJsonObject();
        if (status == 422 && parsed.get("errors") instanceof JsonObject errors)
            fail("The API rejected: " + String.join(", ", errors.keySet()));
        if (status != 200) fail("The API returned the status " + status + ".");
        var expected = request.method().equals("GET") ? JsonArray.class : JsonObject.class;
        if (!expected.isInstance(parsed.get("data"))) fail("The response has no data.");
        return parsed;
    }

    static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
