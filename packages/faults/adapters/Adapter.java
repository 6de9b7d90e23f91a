import java.io.*;
import java.net.URI;
import java.net.http.*;

class Adapter {
    public static void main(String[] args) throws Exception {
        var client = HttpClient.newHttpClient(); // Use a JSON library, if you have one.
        var in = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = in.readLine()) != null; ) {
            var request = HttpRequest.newBuilder(URI.create(text("base_url", line) + text("path", line)))
                .method(text("method", line), HttpRequest.BodyPublishers.ofString(text("body", line)))
                .timeout(java.time.Duration.ofMillis(Long.parseLong(text("deadline_ms", line))))
                .header("Accept", "application/json").header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + text("token", line)).build();
            String outcome = "error", output = "", reply = "{'id':'%s','outcome':'%s','output':'%s'}%n";
            try { // Call your client here.
                var response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200 && response.body().startsWith("{")) outcome = "ok";
            } catch (IOException error) {
                outcome = error instanceof HttpTimeoutException ? "timeout" : "connection";
                output = error.toString().replaceAll("[^ !#-\\[\\]-~]", "?");
            }
            System.out.printf(reply.replace("'", "\""), text("id", line), outcome, output);
        }
    }
    static String text(String name, String line) {
        var pattern = java.util.regex.Pattern.compile("\"" + name + "\":\"?(\\{.*?\\}|[^\",}]*)");
        return pattern.matcher(line).results().map(found -> found.group(1)).findFirst().orElse("");
    }
}
