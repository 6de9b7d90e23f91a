import java.net.URI;
import java.net.http.*;
import java.time.Duration;
import java.util.*;
import java.util.regex.*;

class Adapter {
    public static void main(String[] args) throws Exception {
        var client = HttpClient.newHttpClient();
        for (var in = new Scanner(System.in); in.hasNextLine(); ) {
            var line = in.nextLine(); // With a JSON library, this is a map.
            var body = Pattern.compile("\"body\":(\\{.*?\\})").matcher(line);
            var request = HttpRequest.newBuilder(URI.create(text(line, "base_url") + text(line, "path")))
                .timeout(Duration.ofMillis(Long.parseLong(text(line, "deadline_ms"))))
                .header("Accept", "application/json").header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + text(line, "token"))
                .method(text(line, "method"), body.find() ? HttpRequest.BodyPublishers.ofString(body.group(1))
                    : HttpRequest.BodyPublishers.noBody()).build();
            String outcome, output = "";
            try { // Call your client here, and let its errors through.
                var response = client.send(request, HttpResponse.BodyHandlers.ofString());
                outcome = response.statusCode() == 200 ? "ok" : "error";
            } catch (HttpTimeoutException error) { outcome = "timeout"; output = error.toString(); }
            catch (java.io.IOException error) { outcome = "connection"; output = error.toString(); }
            System.out.printf("{\"id\":\"%s\",\"outcome\":\"%s\",\"output\":\"%s\"}%n", text(line, "id"), outcome, output.replaceAll("[\"\\\\\n]", "'"));
        }
    }
    static String text(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
        return found.find() ? found.group(1) : "";
    }
}
