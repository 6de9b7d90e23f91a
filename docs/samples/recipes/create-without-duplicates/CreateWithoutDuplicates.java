// Creates a phone, unless the borrower has a record with the number.
// If it fails, wait half a minute and run it again: it looks for the record first.
// Needs Gson: java -cp gson.jar CreateWithoutDuplicates.java
import com.google.gson.*;
import java.net.URI;
import java.net.http.*;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.concurrent.TimeUnit;

class CreateWithoutDuplicates {
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static String url = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "http://127.0.0.1:4020");
    static String token = System.getenv().getOrDefault("RECOVERYCONNECT_TOKEN", "demo");
    static String phones = "/api/v140/orders/57062885/borrowers/124927241/phones";
    static HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] args) throws Exception {
        var list = send(HttpRequest.newBuilder(URI.create(url + phones)).GET());
        // A list with anything beside "data" can be one page of several.
        if (list.size() > 1) fail(list.toString());
        var ids = new HashMap<String, JsonElement>();
        for (var phone : list.getAsJsonArray("data"))
            ids.put(digits(phone.getAsJsonObject()), phone.getAsJsonObject().get("id"));

        var number = "2025550143";
        if (ids.containsKey(number)) {
            System.out.println("stored already as " + ids.get(number));
            return;
        }
        if (ids.containsKey("unreadable")) fail("check by hand: " + ids.get("unreadable"));

        var body = "{\"type\": 6, \"number\": \"" + number + "\", \"valid\": 1, \"no_contact\": 0}";
        var created = send(HttpRequest.newBuilder(URI.create(url + phones))
            .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
        var phone = created.getAsJsonObject("data");
        if (!new JsonPrimitive(1).equals(phone.get("valid"))
            || !new JsonPrimitive(0).equals(phone.get("no_contact")))
            fail("Don't dial. The API stored other flags: " + phone);
        System.out.println("stored as " + phone.get("id"));
    }

    /** A number that is masked, partial or otherwise not ten digits can be any number. */
    static String digits(JsonObject phone) {
        var digits = phone.get("number").toString().replaceAll("[ ().+\"-]", "").replaceFirst("^1", "");
        return digits.matches("[2-9][0-9]{9}") ? digits : "unreadable";
    }

    /** Sends a request once. HttpClient doesn't repeat a POST. */
    static JsonObject send(HttpRequest.Builder builder) throws Exception {
        var request = builder.header("Authorization", "Bearer " + token)
            .header("Accept", "application/json").build();
        // The timeout of a request would end with the headers. This one includes the body.
        var response = client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);
        if (response.statusCode() >= 300) fail(response.body());
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
