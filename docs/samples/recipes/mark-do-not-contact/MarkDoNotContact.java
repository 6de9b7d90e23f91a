// Marks a number do-not-contact in every record of the borrower that has it.
// If it fails, run it again, and don't dial the number in the meantime.
// Needs Gson: java -cp gson.jar MarkDoNotContact.java
import com.google.gson.*;
import java.net.URI;
import java.net.http.*;
import java.util.concurrent.TimeUnit;

class MarkDoNotContact {
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static String url = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "http://127.0.0.1:4020");
    static String token = System.getenv().getOrDefault("RECOVERYCONNECT_TOKEN", "demo");
    static HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] args) throws Exception {
        var phones = "/api/v140/orders/57062885/borrowers/124927241/phones";
        var number = "6789321578";
        var list = send("GET", phones, "");
        // A list with anything beside "data" can be one page of several.
        if (list.size() > 1) fail(list.toString());

        var found = 0;
        for (var phone : list.getAsJsonArray("data")) {
            var id = phone.getAsJsonObject().get("id");
            var digits = phone.getAsJsonObject().get("number").toString().replaceAll("[^0-9]", "");
            if (!digits.contains(number)) continue;
            var response = send("PUT", phones + "/" + id, "{\"no_contact\": 1}");
            var stored = response.getAsJsonObject("data").get("no_contact");
            if (!new JsonPrimitive(1).equals(stored)) fail(response.toString());
            System.out.println(id + " is marked do-not-contact");
            found++;
        }
        if (found == 0) fail("No record has this number.");
    }

    static JsonObject send(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .build();
        // The timeout of a request would end with the headers. This one includes the body.
        var response = client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
            .get(10, TimeUnit.SECONDS);
        if (response.statusCode() >= 300) fail(response.body());
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
