// Counts the phones of each borrower of an order. Logs in once, and again when the token expires.
// Needs Newtonsoft.Json: dotnet add package Newtonsoft.Json
using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Newtonsoft.Json.Linq;

class KeepATokenFresh
{
    // A redirect could take the request to another host.
    static readonly HttpClient client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };
    static string token;
    static DateTime renewAt;

    static int Main()
    {
        try
        {
            CountPhones().GetAwaiter().GetResult();
            return 0;
        }
        catch (Exception error)
        {
            var cause = error.GetBaseException();
            // Any other message could contain a part of the response.
            var isSafe = cause is InvalidDataException || cause is SocketException;
            var prefix = cause is InvalidDataException ? "" : "The request failed: ";
            Console.Error.WriteLine(prefix + (isSafe ? cause.Message : cause.GetType().Name));
            return 1;
        }
    }

    static async Task CountPhones()
    {
        var borrowers = "/api/v140/orders/57062885/borrowers";
        foreach (var borrower in await List(borrowers))
        {
            if ((string)borrower["id"] == null) throw new InvalidDataException("A record has no id.");
            var phones = await List(borrowers + "/" + borrower["id"] + "/phones");
            Console.WriteLine(borrower["id"] + ": " + phones.Count + " phones");
        }
    }

    static async Task<JArray> List(string path)
    {
        if (DateTime.UtcNow >= renewAt) await LogIn();
        var response = await Send(HttpMethod.Get, path);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            await LogIn();
            response = await Send(HttpMethod.Get, path);
        }
        if (response.StatusCode != HttpStatusCode.OK)
            throw new InvalidDataException("The API returned the status " + (int)response.StatusCode + ".");
        var body = JObject.Parse(await response.Content.ReadAsStringAsync());
        if (!(body["data"] is JArray)) throw new InvalidDataException("The response has no data.");
        var others = string.Join(", ", body.Properties().Select(field => field.Name).Where(name => name != "data"));
        if (others != "") throw new InvalidDataException("The list may be one page of several. It also has: " + others);
        return (JArray)body["data"];
    }

    /// <summary>With threads, hold a lock while you read or renew the token, so that only one logs in.</summary>
    static async Task LogIn()
    {
        // The local sandbox accepts every account.
        var account = new JObject
        {
            { "username", Environment.GetEnvironmentVariable("RECOVERYCONNECT_USERNAME") ?? "example-user" },
            { "password", Environment.GetEnvironmentVariable("RECOVERYCONNECT_PASSWORD") ?? "example-password" },
        };
        var response = await Send(HttpMethod.Post, "/api/v140/auth", account.ToString());
        // Logging in again with a wrong password might lock the account. The response can contain tokens.
        if (response.StatusCode != HttpStatusCode.OK)
            throw new InvalidDataException("The login failed with the status " + (int)response.StatusCode + ".");
        var login = JObject.Parse(await response.Content.ReadAsStringAsync());
        var seconds = (double?)login["expires_in"] ?? 0;
        if ((string)login["access_token"] == null || seconds == 0)
            throw new InvalidDataException("The login returned no token.");
        token = (string)login["access_token"];
        // A minute before the token expires, but not before half of its time
        renewAt = DateTime.UtcNow.AddSeconds(Math.Max(seconds - 60, seconds / 2));
    }

    static Task<HttpResponseMessage> Send(HttpMethod method, string path, string body = null)
    {
        // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
        var url = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020";
        var request = new HttpRequestMessage(method, url + path);
        request.Headers.Add("Accept", "application/json");
        // Only the login has a body, and it needs no token.
        if (body == null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        else request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return client.SendAsync(request);
    }
}
