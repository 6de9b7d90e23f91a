// Prints the phones of an order, each with the fields that rule out a call. "no objection" isn't permission to call.
// Needs Gson: java -cp gson.jar FindNumbersToDial.java
import com.google.gson.*;
import java.net.URI;
import java.net.http.*;
import java.util.*;
import java.util.concurrent.*;

class FindNumbersToDial {
    record Phone(JsonObject record, List<String> objections) {}

    static HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] args) {
        try {
            printPhones();
        } catch (Exception error) {
            var cause = error instanceof ExecutionException ? error.getCause() : error;
            // The message of an exception could contain a part of the response.
            fail("The request failed: " + cause.getClass().getSimpleName());
        }
    }

    static void printPhones() throws Exception {
        var order = "/api/v140/orders/57062885/borrowers";
        var phones = new ArrayList<Phone>();
        // Borrowers can share a number, so an objection to a phone or its borrower rules out the number for all.
        var ruledOut = new HashSet<String>();
        for (var borrower : list(order)) {
            var path = order + "/" + borrower.get("id").getAsString();
            var ofBorrower = objections("borrower", borrower,
                "{'is_deceased': 0, 'bankruptcy': null, 'active_military': 0, 'deleted_at': null}");
            for (var address : list(path + "/addresses"))
                ofBorrower.addAll(objections("address", address, "{'no_contact': 0}"));
            for (var phone : list(path + "/phones")) {
                var objections = objections("phone", phone, "{'no_contact': 0, 'valid': 1}");
                if (!objections.isEmpty() || !ofBorrower.isEmpty()) ruledOut.add(digits(phone));
                objections.addAll(ofBorrower);
                phones.add(new Phone(phone, objections));
            }
        }
        for (var phone : phones) {
            var number = String.valueOf(phone.record.get("number")).replace("\"", "");
            if (!number.matches("[2-9](?!11)[0-9]{2}-?[2-9](?!11)[0-9]{2}-?[0-9]{4}"))
                phone.objections.add("phone.number");
            if (phone.record.has("deleted_at") && !phone.record.get("deleted_at").isJsonNull())
                phone.objections.add("phone.deleted_at");
            if (ruledOut.contains("unreadable") || ruledOut.contains(digits(phone.record)))
                phone.objections.add("number ruled out");
            var objections = String.join(", ", new LinkedHashSet<>(phone.objections));
            var id = phone.record.get("id").getAsString();
            System.out.println(id + " " + (objections.isEmpty() ? "no objection" : objections));
        }
    }

    /** The fields that are missing or have another value than the one that permits a call. */
    static List<String> objections(String kind, JsonObject record, String permits) {
        var found = new ArrayList<String>();
        for (var field : JsonParser.parseString(permits).getAsJsonObject().entrySet())
            if (!field.getValue().equals(record.get(field.getKey()))) found.add(kind + "." + field.getKey());
        return found;
    }

    /** Ten digits. A masked, partial or other number is unreadable, and can be any number. */
    static String digits(JsonObject phone) {
        var digits = String.valueOf(phone.get("number")).replaceAll("[ ().+\"-]", "");
        return digits.matches("1?[2-9][0-9]{9}") ? digits.substring(digits.length() - 10) : "unreadable";
    }

    static List<JsonObject> list(String path) throws Exception {
        // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
        var url = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "http://127.0.0.1:4020");
        var token = System.getenv().getOrDefault("RECOVERYCONNECT_TOKEN", "demo");
        var request = HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + token).header("Accept", "application/json").build();
        // The timeout of a request would end with the headers. This one includes the body.
        var response = client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);
        if (response.statusCode() != 200) fail("The API returned the status " + response.statusCode() + ".");
        var body = JsonParser.parseString(response.body()).getAsJsonObject();
        if (!(body.get("data") instanceof JsonArray)) fail("The response has no data.");
        var others = new TreeSet<>(body.keySet());
        others.remove("data");
        if (!others.isEmpty()) fail("The list may be one page of several. It also has: " + String.join(", ", others));
        var records = new ArrayList<JsonObject>();
        for (var record : body.getAsJsonArray("data")) {
            if (!(record.getAsJsonObject().get("id") instanceof JsonPrimitive)) fail("A record has no id.");
            records.add(record.getAsJsonObject());
        }
        return records;
    }

    static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
